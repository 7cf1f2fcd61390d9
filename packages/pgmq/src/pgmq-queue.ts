/** A queue, and the template namespace whose steps it carries. */
export interface PgmqQueue {
  readonly namespace: string;
  readonly queue_name: string;
}
