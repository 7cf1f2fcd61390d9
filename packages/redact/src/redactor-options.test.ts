import { expect, it } from "vitest";
import { createRedactor } from "./index.js";

it("rejects one string for a list of secrets, which would be masked nowhere, and does not show it", () => {
  expect(() => createRedactor({ secrets: "correct-horse" as never })).toThrow(
    /^secrets must be an array of strings\.$/,
  );
});

it("lists everything that is wrong with its options", () => {
  const options = { secret: "correct-horse", secrets: ["battery-staple", 4_711, null] } as never;
  expect(() => createRedactor(options)).toThrow(
    /^Unknown option "secret" of createRedactor\. It takes secrets\. secrets\[1\] must be a string\. secrets\[2\] must be a string\.$/,
  );
  expect(() => createRedactor(null as never)).toThrow(
    /^createRedactor takes an object with the option secrets\.$/,
  );
});
