import { flushOutputs } from "../command/outputs.js";
import { runCommand } from "../command/run-command.js";

void runCommand(process.argv.slice(2)).then(async (exitCode) => {
  // Pipes are written to by and by, and process.exit would cut off what is still on its way.
  await flushOutputs();
  // Everything is closed by then; what a handler left behind must not keep the process.
  process.exit(exitCode);
});
