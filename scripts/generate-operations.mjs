// Writes what the catalogue and the services' schemas say of operations: the methods of the Ruby and Python clients, and
// the table of docs/ruby-api.md. Build first. With --check it writes nothing, and fails where a file is not up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { catalogue, createWorkerContext } from "../packages/core/dist/index.js";
import { createConfigOperations } from "../packages/config/dist/index.js";
import { createHealthOperations } from "../packages/health/dist/index.js";
import { createMetricsOperations } from "../packages/metrics/dist/index.js";
import { createTemplateOperations } from "../packages/templates/dist/index.js";
import { replaceTable } from "./operations/docs.mjs";
import { readOperations } from "./operations/read-operations.mjs";
import { renderPython } from "./operations/python.mjs";
import { renderRuby } from "./operations/ruby.mjs";

const root = new URL("../", import.meta.url);
const context = createWorkerContext({ ports: { domainEvents: {} } });
const operations = readOperations(catalogue, {
  ...createHealthOperations({ context }),
  ...createMetricsOperations({ context }),
  ...createTemplateOperations({ context }),
  ...createConfigOperations({ context }),
});
const files = {
  "clients/python/tasker_observability/operations.py": () => renderPython(operations),
  "clients/ruby/lib/tasker_core/observability/operations.rb": () => renderRuby(operations),
  "docs/ruby-api.md": (before) => replaceTable(before, operations),
};

for (const [path, render] of Object.entries(files)) {
  const before = read(path);
  const after = render(before);
  if (before === after) continue;
  if (!process.argv.includes("--check")) writeFileSync(new URL(path, root), after);
  else {
    console.error(`${path} is not up to date: run npm run generate.`);
    process.exitCode = 1;
  }
}

function read(path) {
  try {
    return readFileSync(new URL(path, root), "utf8");
  } catch {
    return "";
  }
}
