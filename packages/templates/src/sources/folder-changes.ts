import type { Logger } from "@tasker-observability/core";
import { formatIdentity, type TemplateIdentity } from "../template-identity.js";
import type { FolderIndex, IndexedTemplate } from "./folder-index.js";

/** The templates that were changed, added or removed between two scans. */
export function changedTemplates(
  before: FolderIndex,
  after: FolderIndex,
): readonly TemplateIdentity[] {
  const remaining = new Map<string, IndexedTemplate>(after.entries());
  const changed: TemplateIdentity[] = [];
  for (const [key, { template }] of before.entries()) {
    if (remaining.get(key)?.template !== template) changed.push(template.identity);
    remaining.delete(key);
  }
  return [...changed, ...[...remaining.values()].map(({ template }) => template.identity)];
}

/** The most names in one line. */
const mostNames = 5;

/** A line for each file whose removal or change removed templates that no other file has. */
export function logGone(before: FolderIndex, after: FolderIndex, logger: Logger): void {
  const goneByPath = new Map<string, string[]>();
  for (const [, { template, path }] of before.entries()) {
    if (after.find(template.identity) !== null) continue;
    const gone = goneByPath.get(path);
    if (gone === undefined) goneByPath.set(path, [formatIdentity(template.identity)]);
    else gone.push(formatIdentity(template.identity));
  }
  for (const [file, gone] of goneByPath) {
    logger(
      "info",
      "template file: templates that it contained are no longer in any file, and no longer served",
      { file, count: gone.length, templates: gone.slice(0, mostNames) },
    );
  }
}
