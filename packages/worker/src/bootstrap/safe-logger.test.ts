import { expect, it } from "vitest";
import { createSafeLogger } from "./safe-logger.js";

it("a logger that throws costs its own line only", () => {
  const lines: unknown[] = [];
  const logger = createSafeLogger((...line) => {
    lines.push(line);
    throw new Error("disk full");
  });
  expect(() => logger("warn", "message", { steps: 1 })).not.toThrow();
  expect(lines).toEqual([["warn", "message", { steps: 1 }]]);
});
