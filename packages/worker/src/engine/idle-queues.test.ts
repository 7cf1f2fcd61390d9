import { createWorkerContext } from "@tasker-observability/core";
import { fromPgPool, type SqlClient, type SqlStatement } from "@tasker-observability/postgres";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { createBreaker } from "../settling/breaker.js";
import { queuesOf } from "../queues/step-queues.js";
import { useWorkerHarness } from "../testing/use-worker-harness.js";
import { eventually } from "../testing/worker-harness.js";
import { StepEngine } from "./step-engine.js";

const harness = useWorkerHarness();
const queues = Array.from({ length: 1_000 }, (_, number) => queuesOf(`idle${number}`));

/** A client that keeps a list of its statements. */
function openRecordingClient(): {
  readonly client: SqlClient;
  readonly statements: SqlStatement[];
} {
  const pool = new pg.Pool({ connectionString: harness.database.url });
  onTestFinished(() => pool.end());
  const inner = fromPgPool(pool);
  const statements: SqlStatement[] = [];
  return {
    statements,
    client: {
      withConnection: (use, options) =>
        inner.withConnection(
          (connection) =>
            use({
              query(statement) {
                statements.push(statement);
                return connection.query(statement);
              },
            }),
          options,
        ),
    },
  };
}

it("1 000 idle queues cost a few statements each polling interval, and a step on one of them is claimed from that one", async () => {
  // A transaction each: all of them in one would need more locks than a server has.
  for (const { stepQueue } of queues) await harness.query("select pgmq.create($1)", [stepQueue]);
  const { client, statements } = openRecordingClient();
  const engine = new StepEngine({
    context: createWorkerContext({ workerId: "w", version: "1.0.0" }),
    client,
    queues,
    findPlan: () => Promise.reject(new Error("no plans here")),
    concurrency: 1,
    bufferSize: 10,
    batchSize: 1,
    pollingIntervalMs: 100,
    visibilityTimeoutSeconds: 30,
    unknownStepGiveBackSeconds: 600,
    acquireTimeoutMs: 1_000,
    listenUrlSetting: "listenUrl",
    outcomeBreaker: createBreaker({ name: "completion" }),
  });
  onTestFinished(() => engine.drain(0).then(() => undefined));
  engine.start(null);
  await eventually("several polls of all queues", () => statements.length >= 50);
  expect(new Set(statements.map(({ text }) => text)).size).toBe(1);
  const [first, ...rest] = statements;
  const countNames = ({ values }: SqlStatement): number => String(values?.[0]).split(",").length;
  expect(countNames(first!)).toBe(100);
  // As many as the server has locks for.
  expect(Math.max(...rest.map(countNames))).toBeGreaterThan(300);
  await harness.query("select pgmq.send('idle617_queue', '{}')");
  const claims = (): SqlStatement[] =>
    statements.filter(({ name }) => name === "tasker_claim_text");
  await eventually("its claim", () => claims().length > 0);
  expect(new Set(claims().map(({ values }) => values?.[0]))).toEqual(new Set(["idle617_queue"]));
}, 60_000);
