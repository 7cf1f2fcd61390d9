import {
  abortAfter,
  type Clock,
  type Fleet,
  type FleetPage,
  type FleetQuery,
  type FleetState,
  type FleetWorker,
} from "@tasker-observability/core";
import type { SqlClient, SqlRow, SqlStatement } from "@tasker-observability/postgres";
import {
  createFleetSql,
  forgetSql,
  hasFleetSql,
  listSql,
  removeSql,
  reportSql,
} from "./fleet-statements.js";

/** What a worker reports of itself; the database adds its times. */
export interface FleetReport extends Omit<
  FleetWorker,
  "state" | "started_at" | "reported_at" | "report_age_seconds"
> {
  readonly state: Exclude<FleetState, "lost">;
  /** Milliseconds since the worker started. */
  readonly uptime_ms: number;
}

/** The table in which workers report themselves. */
export interface FleetStore extends Fleet {
  /** Makes the table, unless it exists, and removes workers that have been lost for a day. */
  prepare(): Promise<void>;
  /** Adds the worker, or what is new of it. */
  report(report: FleetReport): Promise<void>;
  /** Removes a worker that stops. */
  remove(instanceId: string): Promise<void>;
}

/** Where the table is, and what the time is. */
export interface FleetStoreOptions {
  readonly client: SqlClient;
  readonly clock: Clock;
}

/** Milliseconds after which a statement is given up: a report is soon repeated. */
const timeoutMs = 5_000;
const noWorkers: FleetPage["counts"] = { starting: 0, running: 0, paused: 0, draining: 0, lost: 0 };

/** Keeps the fleet in a table of the database. It opens nothing: every call borrows a connection of the client. */
export function createFleetStore({ client, clock }: FleetStoreOptions): FleetStore {
  const run = (statement: SqlStatement, signal?: AbortSignal): Promise<readonly SqlRow[]> =>
    abortAfter(
      (aborted) =>
        client.withConnection((connection) => connection.query(statement), { signal: aborted }),
      { clock, timeoutMs, signal },
    );
  return Object.freeze({
    async prepare() {
      const [row] = await run({ text: hasFleetSql });
      // A role that may use the table need not be allowed to make it.
      if (row?.has_fleet !== true) await run({ text: createFleetSql });
      await run({ text: forgetSql });
    },
    async report({ instance_id, worker_id, namespaces, state, uptime_ms, ...report }: FleetReport) {
      const values = [
        instance_id,
        worker_id,
        JSON.stringify(namespaces),
        state,
        JSON.stringify(report),
        uptime_ms,
      ];
      await run({ name: "tasker_fleet_report", text: reportSql, values });
    },
    async remove(instanceId: string) {
      await run({ text: removeSql, values: [instanceId] });
    },
    async list({ state, namespace, limit, offset }: FleetQuery, signal: AbortSignal) {
      const values = [state ?? null, namespace ?? null, limit, offset];
      const [row] = await run({ text: listSql, values }, signal);
      return {
        workers: (parse(row?.workers) as StoredWorker[] | null)?.map(toWorker) ?? [],
        total: Number(row?.total ?? 0),
        counts: { ...noWorkers, ...(parse(row?.counts) as Partial<FleetPage["counts"]> | null) },
        duplicate_worker_ids: (parse(row?.duplicates) as string[] | null) ?? [],
      };
    },
  });
}

interface StoredWorker extends Pick<
  FleetWorker,
  "instance_id" | "worker_id" | "namespaces" | "state"
> {
  readonly report: Omit<FleetReport, "instance_id" | "worker_id" | "namespaces" | "state">;
  readonly started_ms: number;
  readonly reported_ms: number;
  readonly age_seconds: number;
}

function toWorker({
  report,
  started_ms,
  reported_ms,
  age_seconds,
  ...worker
}: StoredWorker): FleetWorker {
  return {
    ...worker,
    ...report,
    started_at: new Date(started_ms).toISOString(),
    reported_at: new Date(reported_ms).toISOString(),
    report_age_seconds: Math.max(0, age_seconds),
  };
}

function parse(text: unknown): unknown {
  return typeof text === "string" ? (JSON.parse(text) as unknown) : null;
}
