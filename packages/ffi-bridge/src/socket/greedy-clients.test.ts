import { createWorkerContext } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createObservability } from "../observability.js";
import { openRaw } from "../testing/raw-socket.js";
import { createHangingOperations, rpc, serveSocket } from "../testing/serve-socket.js";

describe("a greedy client", () => {
  it("has ten megabytes in one frame rejected by name, and its connection continues", async () => {
    const { path } = await serveSocket();
    const client = await openRaw(path);
    client.send(
      `{"jsonrpc":"2.0","id":1,"method":"template_get","params":{"name":"${"x".repeat(10_000_000)}"}}\n`,
    );
    expect((await client.answer(null)).error.data.error).toBe("payload_too_large");
    client.send(rpc(2, "health_basic"));
    expect((await client.answer(2)).result.status).toBe("healthy");
    expect(client.frames).toHaveLength(2);
  });

  it("has its 65th call in flight rejected by name, and the others answered", async () => {
    const { finish, operations } = createHangingOperations();
    const { path } = await serveSocket({ operations });
    const client = await openRaw(path);
    for (let id = 1; id <= 65; id += 1) client.send(rpc(id, "health_ready"));
    expect((await client.answer(65)).error.data.error).toBe("too_many_calls");
    expect(finish).toHaveLength(64);
    finish.forEach((settle) => settle());
    await client.answer(64);
    client.send(rpc(66, "health_basic"));
    await client.answer(66);
  });

  it("has an answer that exceeds a frame rejected by name", async () => {
    const context = createWorkerContext();
    const text = async () => "x".repeat(1_100_000);
    const base = createObservability({ context }).operations;
    const { path } = await serveSocket({
      operations: { metrics_prometheus: { ...base.metrics_prometheus!, run: text } },
    });
    const client = await openRaw(path);
    client.send(rpc(1, "metrics_prometheus"));
    expect((await client.answer(1)).error.data.error).toBe("payload_too_large");
  });
});
