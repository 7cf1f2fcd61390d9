/** Queues are named after it, and PGMQ's names end at 47 characters with `_domain_events` in them. */
const namespacePattern = /^[a-z][a-z0-9_]{0,28}$/;

/** What a namespace may be, as a sentence. */
export const namespaceForm =
  "At most 29 characters: lower-case letters, digits and underscores, a letter first.";

/** Whether a namespace can have queues, and so templates. */
export function isNamespace(name: unknown): name is string {
  return typeof name === "string" && namespacePattern.test(name);
}

/** The queue of a namespace's steps, by Tasker's naming. */
export function queueNameOf(namespace: string): string {
  return `${namespace}_queue`;
}
