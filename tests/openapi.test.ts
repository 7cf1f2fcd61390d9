import { createConfig, lintFromString } from "@redocly/openapi-core";
import { defineOperation } from "@tasker-observability/core";
import {
  createObservabilityListener,
  type ListenerOptions,
} from "@tasker-observability/http-express";
import { expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { createSampleWorker } from "../packages/ffi-bridge/src/testing/sample-worker.js";

const keys = [{ name: "ops", key: "key-1", rights: ["read" as const, "write" as const] }];
/** An operation of an application's that says no more than it must. */
const orders_backlog = defineOperation({
  name: "orders_backlog",
  http: "GET /orders/{region}/backlog",
  access: "read",
  params: z.strictObject({ region: z.string() }),
  result: z.object({ waiting: z.int() }),
  run: () => ({ waiting: 3 }),
});

/** The bytes that a running listener answers, with every service and an application's own operation. */
async function documentOf(options: ListenerOptions = {}): Promise<string> {
  const { operations } = createSampleWorker().observability;
  const listener = createObservabilityListener({ ...operations, orders_backlog }, options);
  onTestFinished(() => listener.close());
  const { url } = await listener.listen({ port: 0 });
  const response = await fetch(`${url}/openapi.json`, { headers: { "X-API-Key": "key-1" } });
  return response.text();
}

/** What redocly's recommended rules find, its warnings too. */
async function findingsIn(document: string): Promise<readonly string[]> {
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: document, config });
  return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

it.each<[string, ListenerOptions]>([
  ["without keys", {}],
  ["with keys and writes", { auth: { keys }, writes: true }],
  ["with one group", { groups: ["health", "openapi"] }],
])(
  "the document of a listener %s satisfies redocly's recommended rules",
  async (_what, options) => {
    expect(await findingsIn(await documentOf(options))).toEqual([]);
  },
);

it("a document that lacks a summary and a license does not", async () => {
  const document = JSON.parse(await documentOf());
  delete document.info.license;
  delete document.paths["/health"].get.summary;
  expect(await findingsIn(JSON.stringify(document))).toEqual([
    "info-license: Info object should contain `license` field.",
    "operation-summary: Operation object should contain `summary` field.",
  ]);
});

it("gives each operation of the catalogue a description besides its summary", async () => {
  interface Described {
    readonly operationId: string;
    readonly summary: string;
    readonly description: string;
  }
  const { paths } = JSON.parse(await documentOf({ writes: true })) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  };
  const described = Object.values(paths).flatMap((methods) => Object.values(methods));
  const withoutText = described.filter(({ description, summary }) => description === summary);
  expect(withoutText.map(({ operationId }) => operationId)).toEqual(["orders_backlog"]);
});
