import { runCommand } from "../command/run-command.js";

// Everything is closed by then; what a handler left behind must not keep the process.
void runCommand(process.argv.slice(2)).then((exitCode) => process.exit(exitCode));
