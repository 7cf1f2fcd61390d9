// Redis, where this machine has one: it is no dependency, as a server comes from the system.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

// The shell ends the server when its input closes, which it does with this process, however this process ends.
const script =
  'command -v redis-server > /dev/null || exit; redis-server --port "$0" --bind 127.0.0.1 --save "" --appendonly no & echo $!; read -r _; kill $!';

/** Starts a Redis that keeps nothing on disk. @returns null where there is no `redis-server` */
export async function startRedis() {
  const port = await freePort();
  const shell = spawn("sh", ["-c", script, String(port)], { stdio: ["pipe", "pipe", "ignore"] });
  const pid = await readyPid(shell);
  if (pid !== null) shell.stdout.resume();
  const stop = async () => {
    const exited = once(shell, "exit");
    shell.stdin.end();
    await exited;
  };
  if (pid === null) await stop();
  return pid === null ? null : { port, pid, stop };
}

async function readyPid(shell) {
  let pid = null;
  for await (const line of createInterface({ input: shell.stdout })) {
    pid ??= Number(line);
    if (line.includes("Ready to accept connections")) return pid;
  }
  return null;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
