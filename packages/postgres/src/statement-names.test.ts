import { expect, it } from "vitest";
import { isStatementNameRefused } from "./index.js";

it.each([
  ["26000", true],
  ["42P05", true],
  ["08P01", true],
  ["42P01", false],
  ["ECONNRESET", false],
])("%s is a refusal of a statement's name: %s", (code, expected) => {
  expect(isStatementNameRefused(Object.assign(new Error("refused"), { code }))).toBe(expected);
});
