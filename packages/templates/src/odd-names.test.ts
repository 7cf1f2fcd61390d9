import { describe, expect, it } from "vitest";
import { createYamlFolderSource } from "./sources/yaml-folder-source.js";
import { serve } from "./testing/serve.js";
import { folderWith } from "./testing/templates.js";

const long = "x".repeat(256);
const odd = [
  "a/b",
  "a b",
  "a.b.",
  "...",
  ".",
  "..",
  "%2F",
  "a?b#c",
  "a\\b",
  "ünï😀",
  "\u0000",
  "\ud800",
  "__proto__",
  "constructor",
  " ",
  "1.0.0-α",
  "x".repeat(64),
  "x".repeat(255),
  long,
];

function templateOf(name: string, namespace: string, version: string): string {
  const keys = { name, namespace_name: namespace, version };
  return `${JSON.stringify(keys)}\n---\n`;
}

describe("a template with an odd name", () => {
  it("can be requested by every part of its name if the list shows it", async () => {
    const texts = odd.flatMap((part) => [
      templateOf(part, "n", "1.0.0"),
      templateOf("t", part, "1.0.0"),
      templateOf("t", "n", part),
    ]);
    const cwd = await folderWith({ "a.yaml": texts.join("") });
    const { service } = serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) });
    const { templates } = await service.listTemplates();
    expect(templates.length).toBeGreaterThan(40);
    for (const { namespace, name, version } of templates) {
      const { template } = await service.getTemplate({ namespace, name, version });
      expect(template).toBeDefined();
      const url = new URL(
        ["/templates", ...[namespace, name, version].map(encodeURIComponent)].join("/"),
        "http://localhost",
      );
      expect(url.pathname.split("/").slice(2).map(decodeURIComponent)).toEqual([
        namespace,
        name,
        version,
      ]);
    }
  });

  it.each([".", "..", long])("is a finding if no client could ask for it: %j", async (name) => {
    const cwd = await folderWith({ "a.yaml": templateOf(name, "n", "1.0.0") });
    const source = createYamlFolderSource({ patterns: "*.yaml", cwd });
    const { service } = serve({ source });
    expect((await service.listTemplates()).templates).toEqual([]);
    expect((await source.load()).findings).toMatchObject([{ code: "bad_name" }]);
  });
});
