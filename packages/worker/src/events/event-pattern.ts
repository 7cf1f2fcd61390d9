/** A pattern is a whole event name, `prefix.*` for everything below a prefix, or `*` for everything. */
const syntax = /^(\*|[\w-]+(\.[\w-]+)*(\.\*)?)$/;

/** @throws Error where the text is not a pattern. */
export function compilePattern(pattern: string): (eventName: string) => boolean {
  if (!syntax.test(pattern)) throw new Error(`"${pattern}" is not an event pattern: use a name (payment.processed), a prefix (payment.*) or *.`);
  if (pattern === "*") return () => true;
  if (!pattern.endsWith(".*")) return (eventName) => eventName === pattern;
  const prefix = pattern.slice(0, -1);
  return (eventName) => eventName.startsWith(prefix);
}
