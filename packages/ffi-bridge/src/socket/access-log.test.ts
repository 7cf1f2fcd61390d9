import { createAccessPolicy } from "@tasker-observability/core";
import { expect, it } from "vitest";
import { charge } from "../testing/contract-calls.js";
import { openRaw } from "../testing/raw-socket.js";
import { createSampleWorker } from "../testing/sample-worker.js";
import { rpc, serveSocket } from "../testing/serve-socket.js";

/** @returns the log's lines after these calls, one after the other. */
async function linesOf(
  calls: readonly { readonly method: string; readonly params?: unknown }[],
  socketWrites: boolean,
) {
  const lines: Record<string, unknown>[] = [];
  const { observability } = createSampleWorker({
    logger: (level, message, fields) => lines.push({ level, message, ...fields }),
  });
  const { path } = await serveSocket({
    operations: observability.operations,
    policy: createAccessPolicy({ socketWrites }),
  });
  const client = await openRaw(path);
  for (const [id, { method, params }] of calls.entries()) {
    client.send(rpc(id, method, params));
    await client.answer(id);
  }
  return lines;
}

const write = { transport: "socket", caller: "no key", level: "info" };

it("has a line for each call that writes, with how it ended", async () => {
  const wrong = { method: "template_refresh", params: { name: "hunter2" } };
  const lines = await linesOf([{ method: "templates_cache_clear" }, wrong], true);
  const message = "write operation called";
  expect(lines).toEqual([
    { ...write, message, operation: "templates_cache_clear", error: null },
    {
      ...write,
      message,
      operation: "template_refresh",
      error: "invalid_params",
      request_id: "r-1",
    },
  ]);
});

it("has one line for a flood of refused calls", async () => {
  const calls = Array.from({ length: 8 }, () => ({ method: "templates_cache_clear" }));
  expect(await linesOf(calls, false)).toEqual([
    {
      ...write,
      level: "warn",
      message: "call refused",
      operation: "templates_cache_clear",
      error: "cache_operations_disabled",
      reason: expect.any(String),
      request_id: "r-1",
      not_logged_since_last_line: 0,
    },
  ]);
});

it("has no line for calls that read, unknown methods and subscriptions", async () => {
  const methods = ["health_basic", "nothing", "events_subscribe", "constructor"];
  const read = { method: "template_get", params: charge };
  expect(await linesOf([read, ...methods.map((method) => ({ method }))], false)).toEqual([]);
});
