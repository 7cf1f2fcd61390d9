import { readFileSync } from "node:fs";
import { errorCodes, type OperationGroup } from "@tasker-observability/core";
import { expect, it } from "vitest";
import { commandTable as observabilityCommands } from "../packages/cli/src/command-table.js";
import { commandTable as workerCommands } from "../packages/worker/src/command/command-table.js";
import { renderCommands } from "./generated/commands.js";
import { describeOperations } from "./generated/described-operations.js";
import {
  withAddresses,
  withDifferences,
  withRubyMethods,
  withServiceOperations,
} from "./generated/page-tables.js";
import { renderPythonErrorCodes, renderPythonOperations } from "./generated/python.js";
import { renderStepMessageSchema, withStepMessageFields } from "./generated/step-message.js";
import { renderRubyErrorCodes, renderRubyOperations } from "./generated/ruby.js";

const root = new URL("../", import.meta.url);
const operations = describeOperations();
const codes = Object.keys(errorCodes);

const services = (["health", "metrics", "templates", "config"] as const).map(
  (group: OperationGroup) =>
    [
      `packages/${group}/README.md`,
      (page: string) =>
        withServiceOperations(
          page,
          operations.filter((operation) => operation.group === group),
        ),
    ] as const,
);

/** The files that are made of the catalogue, the schemas and the codes of errors, in whole or in part. */
const files: readonly (readonly [path: string, render: (before: string) => string])[] = [
  ["clients/python/tasker_observability/operations.py", () => renderPythonOperations(operations)],
  ["clients/python/tasker_observability/error_codes.py", () => renderPythonErrorCodes(codes)],
  [
    "clients/ruby/lib/tasker_core/observability/operations.rb",
    () => renderRubyOperations(operations),
  ],
  ["clients/ruby/lib/tasker_core/observability/error_codes.rb", () => renderRubyErrorCodes(codes)],
  ["README.md", (before) => withAddresses(before, operations)],
  ["docs/differences.md", withDifferences],
  ["docs/commands.md", () => renderCommands([observabilityCommands, workerCommands])],
  ["docs/step-message.md", withStepMessageFields],
  ["docs/step-message.schema.json", renderStepMessageSchema],
  ["docs/ruby-api.md", (before) => withRubyMethods(before, operations)],
  ...services,
];

it.each(files)("%s is up to date (npm run generate writes it)", async (path, render) => {
  const url = new URL(path, root);
  await expect(render(readFileSync(url, "utf8"))).toMatchFileSnapshot(url.pathname);
});
