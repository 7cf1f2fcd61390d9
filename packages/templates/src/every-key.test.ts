import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createWorkerContext } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { createYamlFolderSource } from "./sources/yaml-folder-source.js";
import { createTemplateService } from "./template-service.js";
import { fixtures } from "./testing/templates.js";

/** The package's own files, and the folder of real ones that CI names. */
const folders = [
  fixtures,
  ...(process.env.TEMPLATE_FIXTURES === undefined ? [] : [process.env.TEMPLATE_FIXTURES]),
];
const signal = new AbortController().signal;

interface Written {
  readonly name: string;
  readonly namespace_name: string;
  readonly version: string;
  readonly environments?: Readonly<Record<string, unknown>>;
}

/** Every template of a folder as the YAML library reads it, with nothing of ours in between. */
function writtenIn(folder: string): readonly Written[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.ya?ml$/.test(file),
  );
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), "utf8")).map(
      (document) => document.toJS() as Written,
    ),
  );
}

const identityOf = ({ namespace_name, name, version }: Written) => ({
  namespace: namespace_name,
  name,
  version,
});

/** Every path with a value at its end; an empty list or mapping is a value. */
function leavesOf(value: unknown, path = ""): readonly (readonly [path: string, value: unknown])[] {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return members.length === 0
    ? [[path, value]]
    : members.flatMap(([key, member]) => leavesOf(member, `${path}/${key}`));
}

const keysOf = (value: unknown): readonly string[] => leavesOf(value).map(([path]) => path);

/** Tasker's clients refuse a step that has a key by two names: the answer has the one that they write. */
const answeredAs = (path: string): string =>
  path.replace(/^(\/steps\/\d+)\/(step_type|depends_on)(?=\/|$)/, (_, step: string, alias) =>
    alias === "depends_on" ? `${step}/dependencies` : `${step}/type`,
  );

describe.each(folders)("the templates of %s", (folder) => {
  const written = writtenIn(folder);
  const source = createYamlFolderSource({ patterns: "**/*.{yml,yaml}", cwd: folder });

  it("are all there", async () => {
    const identities = new Set(written.map((template) => JSON.stringify(identityOf(template))));
    expect(identities.size).toBeGreaterThan(0);
    expect((await source.load()).template_count).toBe(identities.size);
  });

  it.each(written)(
    "have every key and value that was written: $namespace_name/$name",
    async (template) => {
      const definition = (await source.find(identityOf(template), signal))?.definition;
      const loaded = new Map(leavesOf(definition));
      for (const [path, value] of leavesOf(template)) {
        // What an alias means stands beside it, under the key that is read; one value has an alias too.
        const meant =
          path.endsWith("/type") && value === "deferred" ? "deferred_convergence" : value;
        expect([path, loaded.get(path)]).toEqual([path, meant]);
      }
    },
  );

  it.each(written)(
    "are answered with every key, in each environment: $namespace_name/$name",
    async (template) => {
      for (const environment of ["none of them", ...Object.keys(template.environments ?? {})]) {
        const service = createTemplateService({
          source,
          context: createWorkerContext({ environment }),
        });
        const { template: answered } = await service.getTemplate(identityOf(template));
        const keys = keysOf(answered.template);
        // An override that writes less than it replaces would lose keys: a list is replaced whole.
        for (const key of keysOf(template).map(answeredAs))
          // Defaults may fill what was written empty or short.
          expect(keys).toContainEqual(
            expect.toSatisfy((path: string) => path === key || path.startsWith(`${key}/`)),
          );
      }
    },
  );
});
