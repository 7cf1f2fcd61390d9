import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createOutputLines } from "./output-lines.js";
import { killGroupAtTestEnd } from "./process-group.js";

/** In systemd's place: Node has no datagram sockets on paths, Python has. */
const program = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(s.recv(4096).decode().strip().replace("\\n", " | "), flush=True)
`;

/** A stand-in for the socket on which systemd hears from its services. */
export interface NotifySocket {
  /** For NOTIFY_SOCKET. */
  readonly path: string;
  /** How many notifications contained this so far: `READY=1`. */
  readonly heard: (assignment: string) => number;
  /** The first one that matches, its assignments joined by ` | `. */
  readonly waitFor: (pattern: RegExp, timeoutMs?: number) => Promise<string>;
}

/** Listens until the test ends. @param python the interpreter that does it. */
export async function startNotifySocket(python = "python3"): Promise<NotifySocket> {
  const folder = await mkdtemp(join(tmpdir(), "notify-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "notify");
  const child = spawn(python, ["-c", program, path], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const output = createOutputLines();
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => output.write(chunk));
  const exited = new Promise((resolve) => child.once("close", resolve));
  if (child.pid === undefined) throw new Error(`${python} could not be started.`);
  killGroupAtTestEnd(child.pid, exited);
  await output.waitForLine(/^listening$/);
  return {
    path,
    heard: (assignment) => output.lines.filter((line) => line.includes(assignment)).length,
    waitFor: output.waitForLine,
  };
}
