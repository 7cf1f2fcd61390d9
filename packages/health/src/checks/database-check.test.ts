import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createDatabaseCheck } from "./database-check.js";

const never = new AbortController().signal;

/** A database that answers after so many milliseconds of the fake clock. */
async function runAgainst(answersAfterMs: number, slowMs?: number): Promise<unknown> {
  const clock = createFakeClock();
  const ping = (): Promise<void> => new Promise((resolve) => clock.after(answersAfterMs, resolve));
  const result = createDatabaseCheck({ database: { ping }, clock, slowMs }).run(never, {
    abandoned: never,
  });
  await clock.advance(answersAfterMs);
  return result;
}

describe("the database check", () => {
  it("is healthy when the database answers in time", async () => {
    expect(await runAgainst(3)).toEqual({ status: "healthy", message: "answered within 500 ms" });
  });

  it("is degraded when the answer took longer than 500 ms, and says how long", async () => {
    expect(await runAgainst(500)).toEqual({ status: "healthy", message: "answered within 500 ms" });
    expect(await runAgainst(501)).toEqual({ status: "degraded", message: "answered after 501 ms" });
  });

  it("uses the given bound for a slow answer", async () => {
    expect(await runAgainst(21, 20)).toEqual({
      status: "degraded",
      message: "answered after 21 ms",
    });
  });

  it("leaves an error to the runner", async () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const check = createDatabaseCheck({
      database: { ping: () => Promise.reject(refused) },
      clock: createFakeClock(),
    });
    await expect(check.run(never, { abandoned: never })).rejects.toBe(refused);
  });

  it("drops its connection when the run is abandoned, not at the time-out", async () => {
    const timedOut = AbortSignal.abort();
    let given: AbortSignal | undefined;
    const ping = async (signal: AbortSignal): Promise<void> => void (given = signal);
    await createDatabaseCheck({ database: { ping }, clock: createFakeClock() }).run(timedOut, {
      abandoned: never,
    });
    expect(given).toBe(never);
  });
});
