import type { Database, WorkerContext } from "@tasker-observability/core";
import type { SqlClient } from "@tasker-observability/postgres";
import type { ConnectionTarget } from "../notification-listener/direct-connection.js";
import type { InstanceName } from "./instance-name.js";

/** The worker's database, open. */
export interface DatabaseHandle {
  readonly database: Database & SqlClient;
  /** The name of its connections; those of a given pool keep their names. */
  readonly instanceName: InstanceName;
  /** Where to LISTEN; null if unknown. */
  readonly listenTarget: ConnectionTarget | null;
  /** Runs `SELECT 1` through the pool. @throws WorkerStartError with the GRANT to run if the role may not connect. */
  ping(signal: AbortSignal): Promise<void>;
  /** Runs `SELECT 1` on a connection outside of the pool. */
  pingDirectly(): Promise<void>;
  /** Cancels the statements that run under this application name, on a connection outside of the pool. Takes seconds at most. Never rejects. */
  cancel(applicationName: string): Promise<void>;
  /**
   * Ends the worker's own pool and stops the embedded server; takes seconds at most, even if the network is down.
   * Idempotent.
   */
  close(): Promise<void>;
}

/** The parts of the context that opening a database needs. */
export type DatabaseContext = Pick<WorkerContext, "clock" | "identity" | "logger" | "liveness">;
