/** No namespace can have this name: `/templates/cache` is the cache's path. */
export const reservedNamespace = "cache";

/** Queues are named after it, and PGMQ's names end at 47 characters with `_domain_events` in them. */
export const namespacePattern = new RegExp(`^(?!${reservedNamespace}$)[a-z][a-z0-9_]{0,28}$`);

/** What a namespace may be: a sentence, without its full stop. */
export const namespaceRule =
  "At most 29 characters: lower-case letters, digits and underscores, a letter first; cache is reserved";

/** Whether a namespace can have queues, and so templates. */
export function isNamespace(name: unknown): name is string {
  return typeof name === "string" && namespacePattern.test(name);
}

/** The queue of a namespace's steps, by Tasker's naming. */
export function queueNameOf(namespace: string): string {
  return `${namespace}_queue`;
}
