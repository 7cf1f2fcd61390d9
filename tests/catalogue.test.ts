import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { catalogue, operationNames, pathParamsOf, rowOf } from "@tasker-observability/core";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

it("gives every operation a facade method and endpoints of its own", () => {
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
  const tests = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("-operations.test.ts"))
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"));
  expect(tests.some((text) => text.includes(name))).toBe(true);
});
