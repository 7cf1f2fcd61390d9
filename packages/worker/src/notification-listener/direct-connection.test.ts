import { systemClock } from "@tasker-observability/core";
import { createTestDatabase, startTcpProxy } from "@tasker-observability/testkit";
import { expect, it, onTestFinished } from "vitest";
import { eventually } from "../testing/worker-harness.js";
import { createDirectConnection } from "./direct-connection.js";

it("a connection that is cut in the middle of a statement rejects it, and ends no process", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const proxy = await startTcpProxy(database.url);
  onTestFinished(() => proxy.close());
  const connection = createDirectConnection(proxy.url(database.url), "test-direct", systemClock);
  onTestFinished(() => connection.close());
  await connection.client.connect();
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  process.on("uncaughtException", note);
  onTestFinished(() => void process.off("uncaughtException", note));
  const cut = connection.query({ text: "select pg_sleep(60)" });
  const failed = cut.then(
    () => false,
    () => true,
  );
  let hasEnded = false;
  connection.client.on("end", () => (hasEnded = true));
  proxy.reset();
  expect(await failed).toBe(true);
  await eventually("the end of the connection", () => hasEnded);
  expect(uncaught).toEqual([]);
});
