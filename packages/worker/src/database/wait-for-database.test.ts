import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { WorkerStartError } from "../worker-start-error.js";
import { waitForDatabase } from "./wait-for-database.js";

const failure = (code: string): Error =>
  Object.assign(new Error(`secret-host refused: ${code}`), { code });

/** Fails as often as there are failures left, then answers. */
function createTestReach(
  failures: readonly Error[],
  phase: "connecting" | "preparing" = "connecting",
) {
  const clock = createFakeClock();
  const stopping = new AbortController();
  const askedAtMs: number[] = [];
  const logged: Readonly<Record<string, unknown>>[] = [];
  const failNext = (): void => {
    const error = failures[askedAtMs.length];
    askedAtMs.push(clock.monotonicMs());
    if (error !== undefined) throw error;
  };
  const reached = waitForDatabase({
    connect: async () => (phase === "connecting" ? failNext() : undefined),
    prepare: async () => (phase === "preparing" ? (failNext(), "open") : "open"),
    databaseSetting: "the setting of the URL",
    clock,
    logger: (_level, message, fields) => logged.push({ message, ...fields }),
    signal: stopping.signal,
  });
  reached.catch(() => undefined);
  return { clock, stopping, askedAtMs, logged, reached };
}

describe("waiting for the database", () => {
  it("returns what preparing returns", async () => {
    await expect(createTestReach([]).reached).resolves.toBe("open");
  });

  it("waits for a server that starts, fails over, is full, or has no socket yet", async () => {
    const codes = ["ECONNREFUSED", "57P03", "57P01", "53300", "ECONNRESET", "ENOENT", "EAI_AGAIN"];
    const { clock, askedAtMs, logged, reached } = createTestReach(codes.map(failure));
    await clock.advance(60_000);
    await expect(reached).resolves.toBe("open");
    expect(askedAtMs).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 12_750, 17_750]);
    expect(logged[0]?.message).toBe(
      "the database cannot be reached: check the server and the setting of the URL",
    );
    expect(logged.map(({ kind }) => kind)).toEqual([
      "connection_refused",
      "starting_up",
      "shutting_down",
      "too_many_connections",
      "connection_reset",
      "not_found",
      "host_not_found",
    ]);
  });

  it("logs the stack of an error once, and each failed attempt", async () => {
    const { clock, logged } = createTestReach(
      ["ECONNREFUSED", "ECONNREFUSED", "57P03"].map(failure),
    );
    await clock.advance(60_000);
    expect(logged.map(({ kind, error }) => [kind, error instanceof Error])).toEqual([
      ["connection_refused", true],
      ["connection_refused", false],
      ["starting_up", true],
    ]);
  });

  it.each([
    ["28P01", "authentication_failed"],
    ["3D000", "database_not_found"],
    ["42501", "permission_denied"],
    ["CERT_HAS_EXPIRED", "certificate_refused"],
  ])("gives up at once where waiting would not help: %s", async (code, kind) => {
    const { reached, askedAtMs } = createTestReach([failure(code)]);
    await expect(reached).rejects.toThrow(
      new WorkerStartError(
        `The database refused the worker: ${kind}. Check the setting of the URL.`,
      ),
    );
    expect(askedAtMs).toHaveLength(1);
  });

  it.each([
    ["P0001", "raised_exception"],
    ["53100", "disk_full"],
    ["42P01", "table_not_found"],
    ["XX000", "failed"],
    ["XX001", "failed"],
  ])(
    "does not blame the URL for what a server refuses that was reached, and logs the cause: %s",
    async (code, kind) => {
      const { reached, logged } = createTestReach([failure(code)], "preparing");
      await expect(reached).rejects.toThrow(
        new WorkerStartError(
          `The database refused a statement that the worker needs: ${kind} (SQLSTATE ${code}). See the worker's log for the cause.`,
        ),
      );
      expect(logged).toMatchObject([{ kind, sql_state: code, error: failure(code) }]);
    },
  );

  it.each([
    ["55P03", "a table that the start needs is in use"],
    ["57014", "the start was interrupted"],
    ["40P01", "the start was interrupted"],
    ["40001", "the start was interrupted"],
    ["57P01", "the start was interrupted"],
  ])("tries again what passes in a start: %s", async (code, text) => {
    const { clock, reached, logged } = createTestReach([failure(code)], "preparing");
    await clock.advance(250);
    await expect(reached).resolves.toBe("open");
    expect(logged).toMatchObject([{ message: expect.stringContaining(text), sql_state: code }]);
  });

  it("tries a new connection if the server accepts one and does not answer", async () => {
    const clock = createFakeClock();
    let asked = 0;
    const reached = waitForDatabase({
      connect: (signal) =>
        new Promise((resolve, reject) => {
          asked += 1;
          if (asked === 2) resolve();
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
      prepare: async () => "open",
      databaseSetting: "database",
      clock,
      logger: () => undefined,
      signal: new AbortController().signal,
    });
    await clock.advance(10_250);
    await expect(reached).resolves.toBe("open");
    expect(clock.pendingTimers()).toBe(0);
  });

  it("passes on an error that is not of the database", async () => {
    const error = new TypeError("a fault of ours");
    await expect(createTestReach([error], "preparing").reached).rejects.toBe(error);
  });

  it("passes an error through that already says what to do", async () => {
    const error = new WorkerStartError("An administrator can run: …");
    await expect(createTestReach([error]).reached).rejects.toBe(error);
  });

  it("ends immediately when the worker is stopped, and leaves no timer behind", async () => {
    const { clock, stopping, reached } = createTestReach(
      Array<Error>(9).fill(failure("ECONNREFUSED")),
    );
    await clock.advance(1_000);
    stopping.abort();
    await expect(reached).rejects.toThrow("stopped before its database could be reached");
    expect(clock.pendingTimers()).toBe(0);
  });
});
