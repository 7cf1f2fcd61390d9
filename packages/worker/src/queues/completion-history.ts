import type { Clock } from "@tasker-observability/core";
import { sqlStateOf } from "./sql-failure.js";
import type { ClaimedMessage, StepMessage } from "./step-message.js";
import type { StepTransactions } from "./step-transactions.js";

/** Knows when a worker last completed a step of the same template and name, so that some worker can run it. */
export interface CompletionHistory {
  /**
   * @param withinSeconds - how far back to look.
   * @returns milliseconds since 1970 by the database's clock; null if there was none, or the database refuses to say.
   * @throws the error of a database that cannot be reached: that says nothing about workers.
   */
  lastCompletedAtMs(
    claim: Pick<ClaimedMessage, "queueName">,
    message: Pick<StepMessage, "template" | "step_name">,
    withinSeconds: number,
  ): Promise<number | null>;
}

/** Milliseconds that an answer is cached, because a backlog of one kind of step asks for each of its steps. */
const cacheMs = 1_000;
const maxKinds = 1_000;

export function createCompletionHistory({
  transactions,
  clock,
}: {
  readonly transactions: Pick<StepTransactions, "run">;
  readonly clock: Pick<Clock, "monotonicMs">;
}): CompletionHistory {
  const known = new Map<string, { readonly answer: Promise<number | null>; untilMs: number }>();
  const read = async (queueName: string, kind: string, seconds: number): Promise<number | null> => {
    try {
      const values = [kind, seconds];
      const [row] = await transactions.run((connection) =>
        connection.query({ text: lastCompletedSql(queueName), values }),
      );
      return typeof row?.last_ms === "number" ? row.last_ms : null;
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      return null;
    }
  };
  return Object.freeze({
    async lastCompletedAtMs(
      { queueName }: Pick<ClaimedMessage, "queueName">,
      { template, step_name }: Pick<StepMessage, "template" | "step_name">,
      withinSeconds: number,
    ) {
      const kind = JSON.stringify({ template, step_name });
      const key = `${queueName} ${kind}`;
      const nowMs = clock.monotonicMs();
      let found = known.get(key);
      if (found === undefined || found.untilMs <= nowMs) {
        if (known.size >= maxKinds) known.clear();
        found = { answer: read(queueName, kind, withinSeconds), untilMs: nowMs + cacheMs };
        known.set(key, found);
      }
      return found.answer;
    },
  });
}

// PGMQ's archives have an index on `archived_at`.
function lastCompletedSql(queueName: string): string {
  return `select (extract(epoch from max(archived_at)) * 1000)::float8 as last_ms from pgmq.a_${queueName}
 where archived_at > clock_timestamp() - $2::int * interval '1 second' and message @> $1::text::jsonb`;
}
