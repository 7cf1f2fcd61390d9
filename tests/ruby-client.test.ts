import { createTestDatabase, type TestDatabase } from "@tasker-observability/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isThere, runClientSuite } from "./client-suite.js";
import { modes } from "./live-worker.js";

const rspec = process.env.RSPEC ?? "rspec";

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase({ pgmq: true })));
afterAll(() => database.drop());

it.skipIf(!isThere(rspec)).each(modes)(
  "the Ruby client passes its own specs against a live worker in %s mode",
  async (mode) => {
    const { code, output } = await runClientSuite(
      { command: rspec, args: ["--no-color", "spec"], folder: "ruby" },
      mode,
      database.url,
    );
    expect(output).toMatch(/[1-9]\d* examples, 0 failures/);
    expect([code, output]).toEqual([0, expect.not.stringContaining("pending")]);
  },
);
