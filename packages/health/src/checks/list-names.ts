/** The most names in one message. */
const mostNames = 5;

/** Names in one line; only the first of them if there are many. */
export function listNames(names: readonly string[]): string {
  const first = names.slice(0, mostNames).join(", ");
  return names.length > mostNames ? `${first} and ${names.length - mostNames} more` : first;
}
