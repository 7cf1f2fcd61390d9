/** What may be there already, or be promised. */
export type Awaitable<T> = T | Promise<T>;
