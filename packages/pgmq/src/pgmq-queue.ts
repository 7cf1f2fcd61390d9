/** A queue, and the template namespace whose steps it carries. */
export interface PgmqQueue {
  readonly namespace: string;
  readonly queue_name: string;
}

/** The queue of a namespace, by Tasker's naming. */
export function queueNameOf(namespace: string): string {
  return `${namespace}_queue`;
}
