import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { catalogue, operationNames, pathParamsOf, rowOf } from "@tasker-observability/core";
import * as config from "@tasker-observability/config";
import * as health from "@tasker-observability/health";
import * as metrics from "@tasker-observability/metrics";
import * as templates from "@tasker-observability/templates";
import * as work from "@tasker-observability/work";
import { expect, it } from "vitest";
import { createSampleWorker } from "../packages/ffi-bridge/src/testing/sample-worker.js";

const services = { config, health, metrics, templates, work };
const root = fileURLToPath(new URL("..", import.meta.url));

it("gives every operation its own facade method and endpoints", () => {
  const facades = operationNames.map((name) => catalogue[name].facade);
  const endpoints = operationNames.flatMap((name) => rowOf(name)?.http ?? []);
  for (const names of [facades, endpoints]) expect(new Set(names).size).toBe(names.length);
});

it.each(operationNames)("names the params of %s that are in its paths", (name) => {
  const row = rowOf(name);
  const inPaths = (row?.http ?? []).flatMap(pathParamsOf);
  expect(row?.params ?? []).toEqual(expect.arrayContaining(inPaths));
});

it.each(operationNames)("has a test of %s in its service", (name) => {
  const folder = `${root}/packages/${catalogue[name].group}/src`;
  const tests = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".test.ts") && readFileSync(`${folder}/${file}`, "utf8").includes(name),
  );
  expect(tests).not.toEqual([]);
});

const { operations } = createSampleWorker().observability;

it.each(operationNames)("has the result's schema of %s among its service's exports", (name) => {
  const { result } = operations[name]!;
  const exported: readonly unknown[] = Object.values(services[catalogue[name].group]);
  expect(exported.includes(result) || result._zod.def.type === "string").toBe(true);
});
