import type { Database, WorkerContext } from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";
import type { ConnectionTarget } from "../listening/direct-connection.js";
import type { InstanceName } from "./instance-name.js";

/** The worker's database, open. */
export interface OpenDatabase {
  readonly database: Database & SqlClient;
  /** What its connections are called; those of a pool that was given keep their own name. */
  readonly name: InstanceName;
  /** Where to LISTEN; null: nobody knows. */
  readonly listenTo: ConnectionTarget | null;
  /** Asks `SELECT 1` of the pool. @throws WorkerStartError with the statement to run where the role may not connect to the database. */
  connect(signal: AbortSignal): Promise<void>;
  /** Connects past the pool and asks `SELECT 1`. */
  pingDirectly(): Promise<void>;
  /** Cancels, past the pool, what runs under this application name, which the server would otherwise go on with. Takes seconds at most. Never rejects. */
  cancel(applicationName: string): Promise<void>;
  /** Ends a pool of the worker's own and stops the embedded server; takes seconds at most, whatever the network does. May be called twice. */
  close(): Promise<void>;
}

/** What a database is opened with. */
export type DatabaseContext = Pick<WorkerContext, "clock" | "identity" | "logger" | "liveness">;
