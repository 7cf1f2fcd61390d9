import { createFakeClock } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { createRateLimitedLog } from "./rate-limited-log.js";

function createTestLog() {
  const clock = createFakeClock();
  const lines: unknown[] = [];
  const log = createRateLimitedLog({
    clock,
    logger: (_level, _message, fields) => {
      lines.push([fields?.number, fields?.not_logged_since_last_line]);
    },
  });
  const add = (cause: string, number: number) => {
    log(cause, { level: "warn", message: "refused", fields: { number } });
  };
  return { clock, lines, add };
}

it("logs each cause at once, then once a minute with the number of lines left out", async () => {
  const { clock, lines, add } = createTestLog();
  for (let number = 0; number < 5; number += 1) add("a", number);
  add("b", 9);
  await clock.advance(60_000);
  add("a", 5);
  expect(lines).toEqual([
    [0, 0],
    [9, 0],
    [5, 4],
  ]);
});

it("logs the last of a flood that has ended, once", async () => {
  const { clock, lines, add } = createTestLog();
  for (let number = 0; number < 50; number += 1) add("a", number);
  await clock.advance(600_000);
  expect(lines).toEqual([
    [0, 0],
    [49, 48],
  ]);
  add("a", 50);
  expect(lines.at(-1)).toEqual([50, 0]);
});

it("logs one line a minute for all causes beyond a thousand", async () => {
  const { clock, lines, add } = createTestLog();
  for (let number = 0; number < 5_000; number += 1) add(`cause ${number}`, number);
  expect(lines).toHaveLength(1_001);
  await clock.advance(600_000);
  expect(lines.slice(1_001)).toEqual([[4_999, 3_998]]);
});

it("leaves no timer behind when nothing is logged any more", async () => {
  const { clock, add } = createTestLog();
  add("a", 0);
  await clock.advance(600_000);
  expect(clock.pendingTimers()).toBe(0);
});
