import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, onTestFinished, vi } from "vitest";

/** The repository's folder, and its files by their paths there. */
export const root = fileURLToPath(new URL("../../../..", import.meta.url));
export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** What a test of snippets has. */
export interface Snippets {
  /** The lines that were printed since the test began. */
  readonly printed: () => readonly string[];
  /** Runs code as it is written, the packages resolved to their sources. */
  readonly run: (code: string) => Promise<unknown>;
}

/** Gives the file's tests a database of their own, in the environment where snippets look for it. */
export function useSnippets(): Snippets {
  let database: TestDatabase;
  let printed: string[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    printed = [];
    const temporary = mkdtempSync(join(tmpdir(), "snippets-"));
    onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
    vi.stubEnv("TMPDIR", temporary);
    vi.stubEnv("DATABASE_URL", database.url);
    vi.stubEnv("TEMPLATES", join(root, "packages/ffi-bridge/src/testing/templates/*.yaml"));
    vi.stubEnv("PORT", "0");
    vi.spyOn(console, "log").mockImplementation(
      (...parts: unknown[]) => void printed.push(parts.map(String).join(" ")),
    );
  });
  afterEach(() => {
    process.exitCode = undefined;
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  return { printed: () => printed, run };
}

async function run(code: string): Promise<unknown> {
  const folder = mkdtempSync(join(root, "packages/ffi-bridge/src/testing/.snippet-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "snippet.mjs");
  writeFileSync(file, code);
  return import(/* @vite-ignore */ file);
}
