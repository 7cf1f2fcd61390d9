import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isThere, runClientSuite } from "./client-suite.js";
import { modes } from "./live-worker.js";

const python = process.env.PYTHON ?? "python3";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase({ pgmq: true })));
afterAll(() => database.drop());

it.skipIf(!isThere(python)).each(modes)(
  "the Python client passes its own tests against a live worker in %s mode",
  async (mode) => {
    const args = ["-m", "unittest", "discover", "-s", "tests", "-t", "."];
    const { code, output } = await runClientSuite(
      { command: python, args, folder: "python" },
      mode,
      database.url,
    );
    expect(output).toMatch(/Ran [1-9]\d* tests/);
    expect([code, output]).toEqual([0, expect.stringContaining("OK")]);
  },
);
