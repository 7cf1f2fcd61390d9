import { resolveConfig } from "@tasker-observability/config";
import { createTestDatabase, type TestDatabase, withClient } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandError } from "../console/command-error.js";
import { UsageError } from "../console/parse-command.js";
import { runSteps } from "./run-steps.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  await withClient(database.url, (client) => client.query("select pgmq.create('orders_queue')"));
});
afterAll(() => database.drop());

/** Runs `tasker-worker steps` and returns what it prints. */
async function run(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const print = async (line: string): Promise<void> => void lines.push(line);
  const config = () => resolveConfig({ common: { database: { url: database.url } } }, { env: {} });
  await runSteps(args, { print }, config);
  return lines.join("\n");
}

describe("tasker-worker steps send", () => {
  it("puts a step on the queue of its namespace", async () => {
    const printed = await run(
      ...["send", "orders/fulfill/1.0.0", "ship", "--input", '{"order_id": 17}'],
      ...["--step-id", "s-1", "--delay-seconds", "60", "--json"],
    );
    const sent = JSON.parse(printed) as { message_id: string };
    expect(sent).toEqual({ step_id: "s-1", queue: "orders_queue", message_id: expect.any(String) });
    const { rows } = await withClient(database.url, (client) =>
      client.query<{ message: object; is_hidden: boolean }>(
        "select message, vt > now() + interval '50 s' as is_hidden from pgmq.q_orders_queue where msg_id = $1",
        [sent.message_id],
      ),
    );
    expect(rows).toEqual([
      {
        is_hidden: true,
        message: expect.objectContaining({
          step_id: "s-1",
          template: { namespace: "orders", name: "fulfill", version: "1.0.0" },
          step_name: "ship",
          input: { order_id: 17 },
        }),
      },
    ]);
    expect(await run("send", "orders/fulfill/1.0.0", "ship")).toMatch(
      /^step [\da-f-]{36} is on orders_queue, message \d+$/,
    );
  });

  it("says what is wrong with the step, and what to do where the queue is missing", async () => {
    await expect(run("send", "Orders/fulfill/1.0.0", "ship")).rejects.toThrow(CommandError);
    await expect(run("send", "refunds/x/1.0.0", "ship")).rejects.toThrow(/refunds_queue/);
  });

  it("explains itself", async () => {
    expect(await run("send", "--help")).toContain("--delay-seconds N");
  });

  it.each([
    [[], "Use send."],
    [["send"], "namespace/name/version"],
    [["send", "orders/fulfill"], "namespace/name/version"],
    [["send", "orders/fulfill/1.0.0"], "Name one step"],
    [["send", "orders/fulfill/1.0.0", "ship", "more"], "Name one step"],
    [["send", "a/b/1.0.0", "c", "--input", "{"], "--input must be JSON"],
    [["send", "a/b/1.0.0", "c", "--delay-seconds", "soon"], "--delay-seconds must be"],
    [["send", "--inptu", "1"], "Unknown option --inptu. Did you mean --input?"],
  ])("%j is refused: %s", async (args, problem) => {
    const refusal = run(...args);
    await expect(refusal).rejects.toThrow(UsageError);
    await expect(refusal).rejects.toThrow(problem);
  });
});
