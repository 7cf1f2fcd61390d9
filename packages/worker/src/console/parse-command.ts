import { parseArgs } from "node:util";
import { cutText } from "@tasker-observability/redact";
import { toPrintable } from "@tasker-observability/core";
import { argumentProblem, listOf, unknownName } from "@tasker-observability/core/command-line";
import { isNamespace, namespaceRule } from "@tasker-observability/templates";
import { CommandError } from "./command-error.js";

interface OptionSyntax {
  readonly type: "string" | "boolean";
  readonly multiple?: true;
}

type OptionTable = Readonly<Record<string, OptionSyntax>>;

/** The value of an option with this syntax. */
type OptionValue<Syntax extends OptionSyntax> = Syntax["type"] extends "boolean"
  ? boolean
  : Syntax extends { readonly multiple: true }
    ? readonly string[]
    : string;

/** The options that were given, by name. */
export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]?: OptionValue<Options[Name]>;
};

export interface CommandSyntax<Action extends string, Options extends OptionTable> {
  /** The command as it is typed, such as `tasker-worker dead-letters`. */
  readonly command: string;
  /** The words of which exactly one follows. */
  readonly actions: readonly [Action, Action, ...Action[]];
  /** The options besides `--help`. One without `multiple` can be given once. */
  readonly options: Options;
}

export interface ParsedCommand<Action extends string, Options extends OptionTable> {
  readonly action: Action;
  readonly values: OptionValues<Options>;
}

/**
 * Reads the arguments of a command that takes an action.
 * @returns null if `--help` or `-h` is among them.
 * @throws CommandError that names the wrong argument, the nearest known one, and the command's `--help`.
 */
export function parseCommand<const Action extends string, const Options extends OptionTable>(
  args: readonly string[],
  syntax: CommandSyntax<Action, Options>,
): ParsedCommand<Action, Options> | null {
  const parsed = parseArguments(args, syntax);
  if (parsed === null) return null;
  const { words, values } = parsed;
  const [word, surplus] = words;
  const say = `Use ${listOf(syntax.actions)}.`;
  const action = syntax.actions.find((known) => known === word);
  if (word === undefined) throw usageError(syntax, say);
  if (action === undefined)
    throw usageError(syntax, `${unknownName("action", word, syntax.actions)} ${say}`);
  if (surplus !== undefined)
    throw usageError(syntax, `Unexpected argument ${shown(surplus)}. ${say}`);
  return { action, values };
}

/**
 * Reads options, and leaves the words among them to the caller.
 * @returns null if `--help` or `-h` is among them.
 * @throws CommandError as {@link parseCommand}.
 */
export function parseArguments<const Options extends OptionTable>(
  args: readonly string[],
  syntax: Pick<CommandSyntax<string, Options>, "command" | "options">,
): { readonly words: readonly string[]; readonly values: OptionValues<Options> } | null {
  const options = { ...syntax.options, help: { type: "boolean", short: "h" } } as const;
  const { positionals, tokens, ...parsed } = parse(args, options, syntax);
  const values: Readonly<Record<string, unknown>> = parsed.values;
  if (values.help === true) return null;
  const names = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  const repeated = names.find(
    (name, index) => names.indexOf(name) !== index && syntax.options[name]?.multiple !== true,
  );
  if (repeated !== undefined) throw usageError(syntax, `--${repeated} can be given only once.`);
  return { words: positionals, values: values as OptionValues<Options> };
}

/** The arguments are wrong: the command exits 64. */
export class UsageError extends CommandError {}

/** An error that points to the command's help. */
export function usageError({ command }: { readonly command: string }, message: string): UsageError {
  return new UsageError(`${message} See ${command} --help.`);
}

/** @throws CommandError if one of the names cannot be a namespace. */
export function assertNamespaces(
  names: readonly string[],
  syntax: { readonly command: string },
): void {
  if (!names.every(isNamespace))
    throw usageError(syntax, `--namespace must be a namespace. ${namespaceRule}.`);
}

function parse(
  args: readonly string[],
  options: OptionTable,
  syntax: { readonly command: string },
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  } catch (error) {
    throw usageError(syntax, argumentProblem(error, Object.keys(options)));
  }
}

function shown(argument: string): string {
  return toPrintable(cutText(argument, 64));
}
