import { fileURLToPath } from "node:url";
import { ESLint, Linter } from "eslint";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const eslint = new ESLint({ cwd: root });

async function isRefused(file: string, code: string): Promise<boolean> {
  const config = (await eslint.calculateConfigForFile(file)) as {
    readonly rules: Linter.RulesRecord;
  };
  const rule = config.rules["no-restricted-syntax"] ?? "off";
  return new Linter().verify(code, { rules: { "no-restricted-syntax": rule } }).length > 0;
}

describe("AbortSignal.any, which loses a time-out to the garbage collector,", () => {
  it.each([
    "packages/worker/src/worker.ts",
    "packages/core/src/clock.test.ts",
    "packages/testkit/src/wait-for.ts",
    "tests/programs/library-app.mjs",
    "scripts/prepare.mjs",
    "vitest.config.ts",
    "eslint.config.js",
  ])("is refused in %s", async (file) => {
    for (const any of ["AbortSignal.any", 'AbortSignal["any"]', "globalThis.AbortSignal.any"])
      expect(await isRefused(file, `${any}([signal, AbortSignal.timeout(1)]);`)).toBe(true);
    expect(await isRefused(file, "AbortSignal.timeout(1);")).toBe(false);
  });
});
