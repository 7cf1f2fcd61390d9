import { createStopRequest } from "../command/stop-request.js";
import { isSubcommand } from "../command/subcommands.js";

const args = process.argv.slice(2);
// Before anything is loaded, which takes most of a second: a process manager may stop the worker meanwhile.
const stop = isSubcommand(args[0]) ? null : createStopRequest();

void run().then(({ exitCode, flushOutputs }) =>
  // Pipes are written to by and by, and process.exit would cut off what is still on its way.
  // Everything is closed by then; what a handler left behind must not keep the process.
  flushOutputs().then(() => process.exit(exitCode)),
);

async function run() {
  const [{ runCommand }, { flushOutputs }] = await Promise.all([
    import("../command/run-command.js"),
    import("../console/outputs.js"),
  ]);
  return { exitCode: await runCommand(args, stop), flushOutputs };
}
