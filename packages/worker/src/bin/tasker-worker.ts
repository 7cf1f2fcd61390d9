import { stopWhenNpxEnds } from "../command/orphan-watch.js";
import { createStopRequest } from "../command/stop-request.js";
import { isSubcommand } from "../command/subcommands.js";

const args = process.argv.slice(2);
// Before loading anything, because that takes most of a second in which a process manager may stop the worker.
const stop = isSubcommand(args[0]) ? null : createStopRequest();
if (stop !== null) stopWhenNpxEnds();

void run().then(({ exitCode, flushOutputs }) =>
  // Pipes are written asynchronously, and process.exit would cut off pending output.
  // Everything is closed by then; leftovers of a handler must not keep the process alive.
  flushOutputs().then(() => process.exit(exitCode)),
);

async function run() {
  const [{ runCommand }, { flushOutputs }] = await Promise.all([
    import("../command/run-command.js"),
    import("../console/outputs.js"),
  ]);
  return { exitCode: await runCommand(args, stop), flushOutputs };
}
