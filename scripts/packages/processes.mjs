import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** npm hands its own settings down as npm_config_*; what is started here is to be like anybody's. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_|^DATABASE_URL$/i.test(name)),
);
const timeoutMs = 60_000;

/** Starts a program; what it printed grows, and `exited` resolves to its exit code, or the signal that ended it. */
export function start(command, args, { cwd, env = {} }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const running = { stdout: "", stderr: "", output: "", kill: () => child.kill("SIGTERM") };
  child.stdout.setEncoding("utf8").on("data", (text) => (running.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (running.stderr += text));
  // Both, in the order in which they came.
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => (running.output += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs * 5);
  running.exited = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve(code ?? signal);
    });
  });
  running.firstLine = () =>
    new Promise((resolve) => {
      const check = () => running.stdout.includes("\n") && resolve(running.stdout.split("\n")[0]);
      child.stdout.on("data", check);
      child.once("close", () => resolve(null));
      check();
    });
  return running;
}

/** Runs a program to its end. */
export async function run(command, args, options) {
  const running = start(command, args, options);
  const status = await running.exited;
  return { status, stdout: running.stdout, stderr: running.stderr };
}

/** As {@link run}. @throws Error with all that it said where it fails. */
export async function mustRun(command, args, options) {
  const { status, stdout, stderr } = await run(command, args, options);
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} failed (${status}):\n${stdout}\n${stderr}`);
  return stdout;
}

/** Two at a time: as many as the smallest machine has cores. */
export async function inTwos(items, use) {
  const results = [];
  const waiting = [...items.entries()];
  const next = async () => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift())
      results[entry[0]] = await use(entry[1]);
  };
  await Promise.all([next(), next()]);
  return results;
}

/** Asks again and again until the answer is right, or the time is up. @returns the last answer */
export async function askUntil(ask, isRight, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isRight(answer) || performance.now() > deadline) return answer;
    await sleep(50);
  }
}
