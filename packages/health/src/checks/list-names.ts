/** The most names in one message. */
const maxNames = 5;

/** Names in one line; only the first of them if there are many. */
export function listNames(names: readonly string[]): string {
  const first = names.slice(0, maxNames).join(", ");
  return names.length > maxNames ? `${first} and ${names.length - maxNames} more` : first;
}
