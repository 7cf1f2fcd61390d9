import { runCommand } from "../run-command.js";

void runCommand(process.argv.slice(2)).then(({ exitCode, output, error }) => {
  // Each stream is opened only when it is needed: a probe pays for one.
  if (output !== "") print(process.stdout, output);
  if (error !== "") print(process.stderr, error);
  // Not process.exit: output may still be in a pipe.
  process.exitCode = exitCode;
});

/** A reader that has read enough, such as `head`, does not change the answer: the exit code still has it. */
function print(stream: NodeJS.WriteStream, text: string): void {
  stream.on("error", () => undefined).write(`${text}\n`);
}
