// A process of its own that is called like a module: each side runs in one, so that its CPU is its own.
import { fork } from "node:child_process";
import { once } from "node:events";

/**
 * Starts a program that answers by {@link answerCalls}.
 *
 * @returns `call(name, argument)`, which rejects where the program's function throws, its `pid`, and `end()`
 */
export function startProgram(file, parameters) {
  const child = fork(file, parameters, { execArgv: ["--expose-gc"] });
  const waiting = new Map();
  let calls = 0;
  child.on("message", ({ id, result, failure }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (failure === undefined) resolve(result);
    else reject(new Error(failure));
  });
  child.on("exit", (code) => {
    for (const { reject } of waiting.values())
      reject(new Error(`The process of ${parameters[0]} ended with ${code}.`));
  });
  return {
    pid: child.pid,
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        child.send({ id: calls, name, argument });
      }),
    end: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

/** Answers the calls of the process that started this one, and ends with it. */
export function answerCalls(functions) {
  process.on("message", async ({ id, name, argument }) => {
    try {
      process.send({ id, result: await functions[name](argument) });
    } catch (error) {
      process.send({ id, failure: error.stack });
    }
  });
  process.on("disconnect", () => process.exit(0));
}
