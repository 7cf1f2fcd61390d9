import { runCommand } from "../run-command.js";

void runCommand(process.argv.slice(2)).then(({ exitCode, output, error }) => {
  // Each stream is touched where it is needed: a probe pays for one.
  if (output !== "") print(process.stdout, output);
  if (error !== "") print(process.stderr, error);
  // Not process.exit: what was written may still be on its way down a pipe.
  process.exitCode = exitCode;
});

/** Who has read enough, as `head` has, takes nothing from the answer: the exit code says it still. */
function print(stream: NodeJS.WriteStream, text: string): void {
  stream.on("error", () => undefined).write(`${text}\n`);
}
