/** What of an error of `parseArgs` is to be told: in one sentence, without Node's advice on arguments that begin with a dash. */
export function argumentProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const option = /^Option '(?:-\w, )?(--[\w-]+)/.exec(message)?.[1];
  if (option !== undefined)
    return message.includes("does not take")
      ? `${option} takes no value.`
      : `${option} needs a value, which cannot begin with a dash.`;
  const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
  if (unknown !== undefined) return `There is no option ${unknown}.`;
  const needless = /^Unexpected argument '([^']+)'/.exec(message)?.[1];
  return needless === undefined
    ? "The arguments cannot be understood."
    : `Nothing is to be done with ${needless}.`;
}

/** What is to be told where an option is given twice: of two values the last would count, and the other would be dropped without a word. */
export function repetitionProblem(
  tokens: readonly { readonly kind: string; readonly name?: string }[],
  repeatable: readonly string[] = [],
): string | null {
  const names = tokens.flatMap(({ kind, name }) =>
    kind === "option" && name !== undefined && !repeatable.includes(name) ? [name] : [],
  );
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined ? null : `--${repeated} can be given once only.`;
}
