import { runCommand } from "../commands/run-command.js";

void runCommand(process.argv.slice(2)).then(({ exitCode, output, error }) => {
  if (output !== "") process.stdout.write(`${output}\n`);
  if (error !== "") process.stderr.write(`${error}\n`);
  // Not process.exit: what was written may still be on its way down a pipe.
  process.exitCode = exitCode;
});
