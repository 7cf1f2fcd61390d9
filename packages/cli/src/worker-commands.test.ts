import { fileURLToPath } from "node:url";
import { catalogue, createWorkerContext, defineOperation } from "@tasker-observability/core";
import { createObservabilityListener } from "@tasker-observability/http-express";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import * as z from "zod";
import { runCommand } from "./run-command.js";
import { serve } from "./testing/probe.js";

const folder = fileURLToPath(new URL("../../ffi-bridge/src/testing/templates", import.meta.url));

afterEach(() => vi.unstubAllEnvs());

describe.each([0, 1])("of a worker that is asked in way %i", (way) => {
  it("status shows the verdict, the checks, the queues and the steps in one screen", async () => {
    const { worker, ways } = await serve();
    worker.context.steps.recorder("payments").finished("completed", 30);
    const { exitCode, output } = await runCommand(["status", ...ways[way]!]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^sample-1 is ready/);
    expect(output).toContain("version 1.2.3, general, test, up 0 s");
    expect(output).toMatch(/^database +healthy/m);
    expect(output).toMatch(/^STEPS +IN FLIGHT +COMPLETED/m);
    expect(output).toMatch(/^payments +0 +1 +0 +0$/m);
  });

  it("status exits 1 where the worker is not ready, and names what fails", async () => {
    const { worker, ways } = await serve();
    worker.database = "unhealthy";
    const { exitCode, output } = await runCommand(["status", ...ways[way]!]);
    expect([exitCode, output]).toEqual([
      1,
      expect.stringMatching(/^sample-1 is not ready: database\.\n/),
    ]);
  });

  it("status --json is the same as data", async () => {
    const { worker, ways } = await serve();
    worker.context.steps.recorder("payments").finished("retried", 30);
    const { output } = await runCommand(["status", ...ways[way]!, "--json"]);
    expect(JSON.parse(output)).toMatchObject({
      ready: true,
      health: { worker_id: "sample-1", checks: { database: { status: "healthy" } } },
      queues: expect.any(Array),
      steps: [{ namespace: "payments", completed: 0, retried: 1, failed: 0, in_flight: 0 }],
    });
  });

  it("call prints an operation's answer as JSON, and text as it is", async () => {
    const { ways } = await serve();
    const call = (...args: string[]) => runCommand(["call", ...args, ...ways[way]!]);
    const identity = { namespace: "payments", name: "charge", version: "1.0.0" };
    const found = await call("template_get", "--params", JSON.stringify(identity));
    expect([found.exitCode, JSON.parse(found.output)]).toEqual([
      0,
      expect.objectContaining({ handler_metadata: expect.objectContaining(identity) }),
    ]);
    const listed = await call(
      "templates_list",
      "--params",
      '{"limit":1,"include_cache_stats":true}',
    );
    expect(JSON.parse(listed.output)).toMatchObject({ templates: [{}] });
    expect((await call("metrics_prometheus")).output).toMatch(/^# HELP /);
  });

  it("call exits 1 with the worker's message where it answers with an error", async () => {
    const { ways } = await serve();
    const missing = { namespace: "payments", name: "none", version: "1.0.0" };
    expect(
      await runCommand([
        "call",
        "template_get",
        ...ways[way]!,
        "--params",
        JSON.stringify(missing),
      ]),
    ).toEqual({ exitCode: 1, output: "", error: expect.stringMatching(/no such template/) });
    expect(await runCommand(["call", "health_redy", ...ways[way]!])).toEqual({
      exitCode: 1,
      output: "",
      error: expect.stringContaining('Did you mean "health_ready"?'),
    });
  });

  it("templates list shows them in a table", async () => {
    const { ways } = await serve();
    const { exitCode, output } = await runCommand(["templates", "list", ...ways[way]!]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^NAMESPACE +NAME +VERSION +STEPS +DESCRIPTION\n/);
    expect(output).toMatch(/^payments +charge +1\.0\.0 +\d/m);
  });
});

it("call finds an operation of the application's own over HTTP", async () => {
  const context = createWorkerContext({ workerId: "w" });
  const backlog = defineOperation({
    name: "orders_backlog",
    access: "read",
    http: "GET /orders/{region}/backlog",
    params: z.strictObject({ region: z.string() }),
    result: z.strictObject({ region: z.string() }),
    run: ({ region }) => Promise.resolve({ region }),
    context,
  });
  const listener = createObservabilityListener({ orders_backlog: backlog });
  onTestFinished(() => listener.close());
  const { url } = await listener.listen({ port: 0 });
  const call = (name: string) =>
    runCommand(["call", name, "--url", url, "--params", '{"region":"eu/1"}']);
  expect(await call("orders_backlog")).toEqual({
    exitCode: 0,
    output: JSON.stringify({ region: "eu/1" }, null, 2),
    error: "",
  });
  expect(await call("nothing")).toMatchObject({
    exitCode: 1,
    error: "The worker has no operation nothing over HTTP.",
  });
});

it("templates list reads files without a worker", async () => {
  const { exitCode, output } = await runCommand([
    ...["templates", "list", `${folder}/*.yaml`],
    ...["--namespace", "payments", "--json"],
  ]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(output)).toContainEqual(
    expect.objectContaining({ namespace: "payments", name: "charge", version: "1.0.0" }),
  );
});

it.each([[["status"]], [["call", "health_ready"]], [["templates", "list"]]])(
  "%j exits 2 where no worker answers",
  async (args) => {
    expect(await runCommand([...args, "--url", "http://127.0.0.1:1"])).toEqual({
      exitCode: 2,
      output: "",
      error: "cannot reach the worker: ECONNREFUSED",
    });
  },
);

it.each([
  [["status"], "status takes one of --url URL and --socket PATH."],
  [["status", "--url", "http://a", "--socket", "b"], "takes one of --url URL and --socket PATH."],
  [["status", "--url", "ftp://a"], "--url takes the address of a worker"],
  [["status", "--ulr", "http://a"], "Unknown option --ulr. Did you mean --url?"],
  [["status", "--url", "http://a", "--api-key", "k"], "Other users can read an API key"],
  [["status", "--socket", "a", "--api-key-env", "HOME"], "cannot be combined with --socket"],
  [["status", "--url", "http://a", "--timeout", "soon"], "--timeout takes a number of seconds."],
  [["call", "--url", "http://a"], "call takes one operation"],
  [
    ["call", "health_ready", "--url", "http://a", "--params", "[1]"],
    "--params takes a JSON object",
  ],
  [["templates", "list"], "Name files, or a worker"],
  [["templates", "list", "a.yaml", "--url", "http://a"], "not both"],
  [["templates"], "templates takes list or validate."],
  [["completion"], "completion takes bash, zsh or fish."],
  [["statsu"], "Unknown command statsu. Did you mean status?"],
  [["help", "prob"], "Unknown command prob. Did you mean probe?"],
])("%j is refused with exit code 64: %s", async (args, problem) => {
  expect(await runCommand(args)).toEqual({
    exitCode: 64,
    output: "",
    error: expect.stringContaining(problem),
  });
});

it("every operation of the catalogue can be completed", async () => {
  const { output } = await runCommand(["completion", "bash"]);
  for (const operation of Object.keys(catalogue)) expect(output).toContain(operation);
});
