/** A pattern is a whole event name, `prefix.*` for everything below a prefix, or `*` for everything. */
const syntax = /^(\*|[\w-]+(\.[\w-]+)*(\.\*)?)$/;

/** @throws Error if it is not a pattern. */
export function compilePattern(pattern: string): (eventName: string) => boolean {
  assertPattern(pattern);
  if (pattern === "*") return () => true;
  if (!pattern.endsWith(".*")) return (eventName) => eventName === pattern;
  const prefix = pattern.slice(0, -1);
  return (eventName) => eventName.startsWith(prefix);
}

/** Subscribers may be written in plain JavaScript. */
function assertPattern(pattern: unknown): void {
  if (typeof pattern === "string" && syntax.test(pattern)) return;
  const given =
    typeof pattern === "string" ? `"${pattern}"` : `A value of the type ${typeof pattern}`;
  throw new Error(
    `${given} is not an event pattern: use a name (payment.processed), a prefix (payment.*) or *.`,
  );
}
