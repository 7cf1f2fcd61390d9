import { describe, expect, it } from "vitest";
import { createFakeClock } from "@tasker-observability/testkit";
import { WorkerStartError } from "../start-error.js";
import { reachDatabase } from "./reach-database.js";

const failure = (code: string): Error =>
  Object.assign(new Error(`secret-host refused: ${code}`), { code });

/** Fails as often as there are failures left, then answers. */
function createTestReach(failures: readonly Error[]) {
  const clock = createFakeClock();
  const stopping = new AbortController();
  const askedAtMs: number[] = [];
  const logged: { readonly kind?: unknown; readonly error?: unknown }[] = [];
  const open = async (): Promise<string> => {
    const error = failures[askedAtMs.length];
    askedAtMs.push(clock.monotonicMs());
    if (error !== undefined) throw error;
    return "open";
  };
  const reached = reachDatabase({
    open,
    clock,
    logger: (_level, _message, fields) => logged.push(fields ?? {}),
    signal: stopping.signal,
  });
  reached.catch(() => undefined);
  return { clock, stopping, askedAtMs, logged, reached };
}

describe("reaching the database", () => {
  it("gives what opening gives", async () => {
    await expect(createTestReach([]).reached).resolves.toBe("open");
  });

  it("waits for a server that starts, fails over, is full, or has not made its socket yet", async () => {
    const codes = ["ECONNREFUSED", "57P03", "57P01", "53300", "ECONNRESET", "ENOENT", "EAI_AGAIN"];
    const { clock, askedAtMs, logged, reached } = createTestReach(codes.map(failure));
    await clock.advance(60_000);
    await expect(reached).resolves.toBe("open");
    expect(askedAtMs).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 12_750, 17_750]);
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

  it("logs an error once, and that it lasts each time", async () => {
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
        `The database refused the worker: ${kind}. Check common.database.url (DATABASE_URL).`,
      ),
    );
    expect(askedAtMs).toHaveLength(1);
  });

  it.each([
    ["P0001", "failed"],
    ["53100", "disk_full"],
    ["42P01", "table_not_found"],
  ])(
    "does not blame the URL for what a server refuses that was reached, and logs the cause: %s",
    async (code, kind) => {
      const { reached, logged } = createTestReach([failure(code)]);
      await expect(reached).rejects.toThrow(
        new WorkerStartError(
          `The database was reached and refused what the worker needs of it: ${kind} (SQLSTATE ${code}). The worker's log has the cause.`,
        ),
      );
      expect(logged).toEqual([{ kind, sql_state: code, error: failure(code) }]);
    },
  );

  it("passes on an error that says itself what to do", async () => {
    const error = new WorkerStartError("An administrator can run: …");
    await expect(createTestReach([error]).reached).rejects.toBe(error);
  });

  it("ends at once when the worker is stopped, and leaves no timer behind", async () => {
    const { clock, stopping, reached } = createTestReach(
      Array<Error>(9).fill(failure("ECONNREFUSED")),
    );
    await clock.advance(1_000);
    stopping.abort();
    await expect(reached).rejects.toThrow("stopped before its database could be reached");
    expect(clock.pendingTimers()).toBe(0);
  });
});
