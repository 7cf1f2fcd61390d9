/**
 * What does loading and indexing 10 000 templates cost beside the bare YAML parser over the same files,
 * and how long does a page of their list take?
 *
 *   npm run bench -- templates/load-10000
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createTemplateService,
  createYamlFolderSource,
} from "../../packages/templates/dist/index.js";
import { claimAtMost, median } from "../claim.mjs";
import { sampleTemplate } from "./sample-template.mjs";

const { parse } = createRequire(new URL("../../packages/templates/package.json", import.meta.url))(
  "yaml",
);

const templateCount = 10_000;
const pageSize = 100;

const folder = await mkdtemp(join(tmpdir(), "bench-templates-"));
try {
  const files = await writeTemplates();
  const source = createYamlFolderSource({ patterns: "**/*.yaml", cwd: folder });

  // The parser alone before and after: what slows the machine in between slows both sides.
  const firstHalf = await parseAll(files.slice(0, templateCount / 2));
  const startedAt = performance.now();
  const { template_count, findings } = await source.load();
  const loadMs = performance.now() - startedAt;
  const bareMs = firstHalf + (await parseAll(files.slice(templateCount / 2)));
  assert.equal(template_count, templateCount);
  assert.deepEqual(findings, []);

  const pageMs = await medianPageMs(createTemplateService({ source }));
  claimAtMost(
    "loading and indexing 10 000 templates, times the bare YAML parser over the same files",
    loadMs / bareMs,
    3,
  );
  claimAtMost(`listing one page of ${pageSize} of them`, pageMs, 1, { unit: "ms" });
} finally {
  await rm(folder, { recursive: true });
}

async function writeTemplates() {
  const files = [];
  for (let number = 0; number < templateCount; number += 1) {
    const directory = join(folder, String(number % 20));
    await mkdir(directory, { recursive: true });
    files.push(join(directory, `${number}.yaml`));
    await writeFile(files.at(-1), sampleTemplate(number));
  }
  return files;
}

async function parseAll(files) {
  const startedAt = performance.now();
  for (const file of files) parse(await readFile(file, "utf8"));
  return performance.now() - startedAt;
}

/** Pages from all over the list, each for the first time. */
async function medianPageMs(templates) {
  const times = [];
  for (let offset = 0; offset < templateCount; offset += pageSize) {
    const startedAt = performance.now();
    const page = await templates.listTemplates({ limit: pageSize, offset });
    times.push(performance.now() - startedAt);
    assert.equal(page.templates.length, pageSize);
  }
  return median(times);
}
