import { didYouMean } from "../nearest-name.js";
import { toPrintable } from "../printable.js";

/** Says in one sentence what Node's `parseArgs` found, without its advice on arguments that begin with a dash. */
export function argumentProblem(error: unknown, known: readonly string[]): string {
  const message = error instanceof Error ? error.message : "";
  const option = /^Option '(?:-\w, )?(--[\w-]+)/.exec(message)?.[1];
  if (option !== undefined)
    return message.includes("does not take")
      ? `${option} takes no value.`
      : `${option} needs a value, which must not start with a dash.`;
  const name = /^Unknown option '([^']+)'/.exec(message)?.[1];
  const options = known.map((each) => `--${each}`);
  return name === undefined ? "The arguments are not valid." : unknownName("option", name, options);
}

/** `Unknown action lst. Did you mean list?` */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const hint = didYouMean(name, known)?.replaceAll('"', "");
  const shown = toPrintable(name.length > 64 ? `${name.slice(0, 64)}…` : name);
  return [`Unknown ${kind} ${shown}.`, ...(hint === undefined ? [] : [hint])].join(" ");
}
