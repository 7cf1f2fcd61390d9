import { describe, expect, it } from "vitest";
import { charge } from "../testing/contract-calls.js";
import { openRaw } from "../testing/raw-socket.js";
import { rpc, serveSocket } from "../testing/serve-socket.js";

describe("a call", () => {
  it.each([
    ["no JSON", "{", null, -32700, "parse_error"],
    ["a bare value", "7\n", null, -32600, "invalid_request"],
    ["an id that is an object", { ...rpc({}, "health_basic") }, null, -32600, "invalid_request"],
    [
      "an id beyond all numbers",
      '{"jsonrpc":"2.0","id":1e999,"method":"health_basic"}',
      null,
      -32600,
      "invalid_request",
    ],
    [
      "an id that would come back as another",
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"health_basic"}',
      null,
      -32600,
      "invalid_request",
    ],
    ["no version", { id: 1, method: "health_basic" }, 1, -32600, "invalid_request"],
    ["no method", { jsonrpc: "2.0", id: 1 }, 1, -32600, "invalid_request"],
    ["an unknown method", rpc(1, "health"), 1, -32601, "endpoint_not_found"],
    ["a method of Object", rpc(1, "constructor"), 1, -32601, "endpoint_not_found"],
    ["__proto__ for a method", rpc(1, "__proto__"), 1, -32601, "endpoint_not_found"],
    ["wrong params", rpc(1, "template_get", { namespace: 1 }), 1, -32602, "invalid_params"],
    ["positional params", rpc(1, "template_get", ["payments"]), 1, -32602, "invalid_params"],
    [
      "a missing template",
      rpc(1, "template_get", { ...charge, name: "none" }),
      1,
      -32000,
      "template_not_found",
    ],
    [
      "a write without opt-in",
      rpc(1, "templates_cache_clear"),
      1,
      -32000,
      "cache_operations_disabled",
    ],
    [
      "events where there are none",
      rpc(1, "events_subscribe", { pattern: "*" }),
      1,
      -32000,
      "service_not_installed",
    ],
  ])("with %s is rejected by name", async (_what, sent, id, code, error) => {
    const { path } = await serveSocket();
    const client = await openRaw(path);
    client.send(typeof sent === "string" ? `${sent}\n` : sent);
    const frame = await client.answer(id);
    expect(frame).toEqual({
      jsonrpc: "2.0",
      id,
      error: {
        code,
        message: expect.any(String),
        data: { error, timestamp: "2025-01-01T00:00:00.000Z", request_id: "r-1" },
      },
    });
  });
});
