import { createWorkerContext } from "@tasker-observability/core";
import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createObservability } from "../observability.js";
import { charge } from "../testing/contract-calls.js";
import { openRaw, type RawSocket } from "../testing/raw-socket.js";
import { createHangingOperations, rpc, serveSocket } from "../testing/serve-socket.js";

const notification = { jsonrpc: "2.0", method: "template_get", params: charge };
const answerTo = (client: RawSocket) => waitFor(() => client.frames[0], { what: "the answer" });

describe("a batch", () => {
  it("is answered by one array with each call's answer under its id, and nothing for notifications", async () => {
    const { path, worker } = await serveSocket();
    const client = await openRaw(path);
    client.send([rpc(1, "config_environment"), notification, rpc("two", "nothing"), 7]);
    expect(await answerTo(client)).toEqual(
      expect.arrayContaining([
        { jsonrpc: "2.0", id: 1, result: "test" },
        expect.objectContaining({ id: "two", error: expect.objectContaining({ code: -32601 }) }),
        expect.objectContaining({ id: null, error: expect.objectContaining({ code: -32600 }) }),
      ]),
    );
    expect(client.frames[0]).toHaveLength(3);
    await waitFor(async () => (await worker.observability.cacheStats()).total_entries === 1, {
      what: "the notification",
    });
  });

  it("of notifications alone is carried out and not answered", async () => {
    const { path, worker } = await serveSocket();
    const client = await openRaw(path);
    client.send([notification, { jsonrpc: "2.0", method: "nothing" }]);
    await waitFor(async () => (await worker.observability.cacheStats()).total_entries === 1, {
      what: "the notification",
    });
    client.send(rpc(1, "health_basic"));
    await client.answer(1);
    expect(client.frames).toHaveLength(1);
  });

  it.each([
    ["without a request", []],
    ["of more than 64", Array.from({ length: 65 }, (_, id) => rpc(id, "health_basic"))],
  ])("%s is rejected as a whole", async (_what, batch) => {
    const { path } = await serveSocket();
    const client = await openRaw(path);
    client.send(batch);
    expect(await answerTo(client)).toMatchObject({
      id: null,
      error: { code: -32600, data: { error: "invalid_request" } },
    });
  });

  it("has the limit of single calls: those beyond 64 in flight are rejected by name", async () => {
    const { finish, operations } = createHangingOperations();
    const { path } = await serveSocket({ operations });
    const client = await openRaw(path);
    client.send(rpc("first", "health_ready"));
    client.send(Array.from({ length: 64 }, (_, id) => rpc(id, "health_ready")));
    await waitFor(() => finish.length === 64, { what: "the calls" });
    finish.forEach((settle) => settle());
    await client.answer("first");
    const answers = (await waitFor(() => client.frames[1], {
      what: "the batch",
    })) as unknown as RawSocket["frames"];
    expect(answers).toHaveLength(64);
    expect(answers.filter((answer) => "error" in answer)).toMatchObject([
      { id: 63, error: { data: { error: "too_many_calls" } } },
    ]);
  });

  it("whose answers exceed a frame has the too large ones rejected by name, each under its id, and the others answered", async () => {
    const base = createObservability({ context: createWorkerContext() }).operations;
    const { path } = await serveSocket({
      operations: {
        ...base,
        metrics_prometheus: { ...base.metrics_prometheus!, run: async () => "x".repeat(400_000) },
      },
    });
    const client = await openRaw(path);
    client.send([...[1, 2, 3].map((id) => rpc(id, "metrics_prometheus")), rpc(4, "health_basic")]);
    const answers = (await answerTo(client)) as unknown as RawSocket["frames"];
    expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4]);
    expect(answers.filter((answer) => "error" in answer)).toMatchObject([
      { id: 3, error: { code: -32000, data: { error: "payload_too_large" } } },
    ]);
  });

  it("of 64 answers that are too large together is still one frame", async () => {
    const base = createObservability({ context: createWorkerContext() }).operations;
    const { path } = await serveSocket({
      operations: {
        metrics_prometheus: { ...base.metrics_prometheus!, run: async () => "x".repeat(900_000) },
      },
    });
    const client = await openRaw(path);
    const ids = Array.from({ length: 64 }, (_, id) => `${id}${'"'.repeat(126)}`);
    client.send(ids.map((id) => rpc(id, "metrics_prometheus")));
    const answers = (await answerTo(client)) as unknown as RawSocket["frames"];
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set(ids));
    expect(Buffer.byteLength(JSON.stringify(answers))).toBeLessThanOrEqual(1_048_576);
  });

  it("that ends with the stream instead of a newline is answered", async () => {
    const { path } = await serveSocket();
    const client = await openRaw(path, { allowHalfOpen: true });
    client.socket.end("[7]");
    expect(await answerTo(client)).toMatchObject([{ id: null, error: { code: -32600 } }]);
  });

  it("is answered whole before a stopping server or a client that stops writing ends the connection", async () => {
    const { finish, operations } = createHangingOperations();
    const { path, server } = await serveSocket({ operations });
    const client = await openRaw(path, { allowHalfOpen: true });
    client.socket.end(JSON.stringify([rpc(1, "health_ready"), rpc(2, "health_ready")]));
    await waitFor(() => finish.length === 2, { what: "the calls" });
    const stopped = server.stop();
    finish.forEach((settle) => settle());
    expect(await answerTo(client)).toMatchObject([{ id: 1 }, { id: 2 }]);
    client.socket.end();
    await stopped;
  });
});
