import { parseArgs } from "node:util";
import { toPrintable } from "@tasker-observability/core";
import {
  argumentProblem,
  type CommandDefinition,
  type CommandOption,
} from "@tasker-observability/core/command-line";

/** The arguments are wrong: the caller is told, and the program exits 64. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Values<Options extends Readonly<Record<string, CommandOption>>> = {
  readonly [Name in keyof Options]?: Options[Name] extends { readonly type: "boolean" }
    ? boolean
    : Options[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string;
};

/** The options that were given, and the words among them. */
export interface ParsedOptions<Options extends Readonly<Record<string, CommandOption>>> {
  readonly values: Values<Options>;
  readonly words: readonly string[];
}

/** @throws UsageError that names the wrong option and the nearest known one. */
export function parseOptions<const Options extends Readonly<Record<string, CommandOption>>>(
  args: readonly string[],
  { name: command, options }: Pick<CommandDefinition, "name"> & { readonly options: Options },
): ParsedOptions<Options> {
  const { values, positionals, tokens } = parse(args, command, options);
  const names = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  const repeated = names.find(
    (name, index) => names.indexOf(name) !== index && options[name]?.multiple !== true,
  );
  if (repeated !== undefined) throw usageError(command, `--${repeated} can be given only once.`);
  const empty = names.find((name) => Reflect.get(values, name) === "");
  if (empty !== undefined) throw usageError(command, `--${empty} needs a value.`);
  return { values: values as Values<Options>, words: positionals };
}

/** An error that points to the command's help. */
export function usageError(command: string, problem: string): UsageError {
  return new UsageError(toPrintable(`${problem} See tasker-observability help ${command}.`));
}

function parse(
  args: readonly string[],
  command: string,
  options: Readonly<Record<string, CommandOption>>,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  } catch (error) {
    const problem = args.some((arg) => /^--api-key(=|$)/.test(arg))
      ? openKeyAdvice
      : argumentProblem(error, Object.keys(options));
    throw usageError(command, problem);
  }
}

/** Why there is no option for the key itself. */
export const openKeyAdvice =
  "Other users can read an API key on the command line: use --api-key-env NAME or --api-key-file PATH.";
