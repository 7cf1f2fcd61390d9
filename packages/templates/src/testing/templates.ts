import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { defineTemplate } from "../define-template.js";
import type { Problem } from "../problem.js";
import type { TemplateIdentity } from "../template-identity.js";
import type { TemplateDefinition, TemplateSource } from "../template-source.js";
import { validateDefinition, type ValidationOptions } from "../validation/validate-template.js";
import { readYamlDocuments } from "../yaml/yaml-document.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";

/** The package's own template files. */
export const fixtures = fileURLToPath(new URL("../../test-fixtures", import.meta.url));

export const refund: TemplateIdentity = Object.freeze({
  namespace: "payments",
  name: "refund",
  version: "1.0.0",
});

/** A folder with these files in it, gone when the test is over. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "templates-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) await writeFileIn(folder, path, text);
  return folder;
}

export async function writeFileIn(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** A source whose answers a test decides; by default it has the package's refund template alone. */
export function sourceOf(parts: Partial<TemplateSource> = {}): TemplateSource {
  const find =
    parts.find ??
    (async (identity) =>
      JSON.stringify(identity) === JSON.stringify(refund)
        ? definitionOf(await readFile(join(fixtures, "refund.yaml"), "utf8"))
        : null);
  return {
    find,
    refetch: find,
    list: async () => ({ total: 0, templates: [] }),
    namespaces: async () => ["payments"],
    ...parts,
  };
}

/** The lines of a template that differ from test to test, with an identity before them. */
export function templateText(lines: string, identity = refund): string {
  return `name: ${identity.name}\nnamespace_name: ${identity.namespace}\nversion: ${identity.version}\n${lines}\n`;
}

/** The template of a YAML text. */
export function definitionOf(text: string): TemplateDefinition {
  const [document] = readYamlDocuments(text, defaultYamlLimits);
  const { template } = defineTemplate(document?.value, {
    problems: document?.problems ?? [],
    registeredAt: "2025-01-01T00:00:00.000Z",
  });
  if (template === null) throw new Error("The text is no template.");
  return template;
}

/** All problems of a template with these lines. */
export function problemsOf(
  lines: string,
  options: Partial<ValidationOptions> = {},
): readonly Problem[] {
  return validateDefinition(definitionOf(templateText(lines)), {
    environment: null,
    handlers: null,
    supportedNamespaces: null,
    ...options,
  }).problems;
}

/** Problems as `severity code path`, the hint left out. */
export function inShort(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ severity, code, path }) => `${severity} ${code} ${path.join(".")}`);
}
