/** What a heartbeat file holds, as one line of JSON. How old it is, the file's own time of change says. */
export interface HeartbeatContent {
  readonly status: "alive";
  /** Null where nobody is asked. */
  readonly ready: boolean | null;
  readonly timestamp: string;
  readonly worker_id: string;
}
