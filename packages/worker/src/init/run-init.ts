import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toSafeCause } from "@tasker-observability/core";
import type { CommandDefinition } from "@tasker-observability/core/command-line";
import { formatGroupHelp } from "../console/format-group-help.js";
import { usageError, parseArguments } from "../console/parse-command.js";
import { CommandError } from "../console/command-error.js";
import { starterFiles } from "./starter-files.js";

/** `tasker-worker init`. */
export const initCommand: CommandDefinition = {
  name: "init",
  summary:
    "writes a small working folder here: configuration, a template, its handler with a test, a Dockerfile",
  description: "It asks nothing, and leaves files that exist as they are.",
  options: {},
  examples: ["mkdir orders && cd orders && tasker-worker init"],
};

const next = `
node --test               tests the handler
npx tasker-worker start   runs the worker, on the database of DATABASE_URL`;

const syntax = { command: "tasker-worker init", options: {} } as const;

/** The output and the folder of the command. */
export interface InitTarget {
  readonly folder: string;
  readonly print: (line: string) => Promise<void>;
}

/**
 * Writes the missing starter files, and says for each file what it did.
 * @throws CommandError that names a wrong argument, or a file that cannot be written.
 */
export async function runInit(
  args: readonly string[],
  { folder, print }: InitTarget,
): Promise<void> {
  const parsed = parseArguments(args, syntax);
  if (parsed === null) return print(formatGroupHelp([initCommand]));
  if (parsed.words.length > 0) throw usageError(syntax, "It takes no arguments.");
  for (const [path, text] of Object.entries(starterFiles))
    await print(
      (await writeIfMissing(join(folder, path), text, path))
        ? `wrote ${path}`
        : `kept ${path}: it was there already`,
    );
  await print(next);
}

async function writeIfMissing(file: string, text: string, path: string): Promise<boolean> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    const { code } = toSafeCause(error);
    if (code === "EEXIST") return false;
    throw new CommandError(`${path} cannot be written (${code ?? "unknown reason"}).`, {
      cause: error,
    });
  }
}
