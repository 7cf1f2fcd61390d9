import { toPrintable } from "@tasker-observability/core";
import {
  createYamlFolderSource,
  type TemplateList,
  type TemplateSummary,
} from "@tasker-observability/templates";
import { askWorker } from "./ask-worker.js";
import { toFailure } from "./call-command.js";
import { type CommandResult, giveUp, succeed } from "./command-result.js";
import { commands } from "./command-table.js";
import { formatJson } from "./format-json.js";
import { formatTable, outputWidth } from "./format-table.js";
import { parseOptions, usageError } from "./parse-options.js";
import { toTarget, type WorkerTarget } from "./worker-target.js";

const name = commands["templates list"].name;

/** `templates list`, of a worker or of files. */
export async function runList(args: readonly string[]): Promise<CommandResult> {
  const { values, words: patterns } = parseOptions(args, commands["templates list"]);
  const asksWorker = values.url !== undefined || values.socket !== undefined;
  if (asksWorker && patterns.length > 0)
    throw usageError(name, "Name files, or a worker by --url or --socket: not both.");
  if (!asksWorker && patterns.length === 0)
    throw usageError(name, "Name files, or a worker by --url URL or --socket PATH.");
  const listed = asksWorker
    ? await listOfWorker(toTarget(values, name), values.namespace)
    : await listOfFiles(patterns, values.namespace ?? null);
  if ("exitCode" in listed) return listed;
  return succeed(values.json === true ? formatJson(listed) : format(listed));
}

/** Page by page: over HTTP a worker answers so many at once. */
async function listOfWorker(
  target: WorkerTarget,
  namespace: string | undefined,
): Promise<readonly TemplateSummary[] | CommandResult> {
  const templates: TemplateSummary[] = [];
  for (let offset: number | null = 0; offset !== null;) {
    const params = { offset, ...(namespace === undefined ? {} : { namespace }) };
    const answer = await askWorker(target, "templates_list", params);
    if (answer.kind !== "result") return toFailure(answer);
    const page = answer.value as TemplateList;
    templates.push(...page.templates);
    offset = page.next_offset;
  }
  return templates;
}

async function listOfFiles(
  patterns: readonly string[],
  namespace: string | null,
): Promise<readonly TemplateSummary[] | CommandResult> {
  const source = createYamlFolderSource({ patterns: [...patterns] });
  try {
    const { templates } = await source.list(
      { namespace, limit: null, offset: 0 },
      new AbortController().signal,
    );
    if (templates.length === 0 && namespace === null)
      return giveUp(toPrintable(`No template is in ${patterns.join(", ")}.`));
    return templates.map(toSummary);
  } finally {
    source.close();
  }
}

function toSummary(summary: TemplateSummary): TemplateSummary {
  const { namespace, name: template, version, description, step_count } = summary;
  return { namespace, name: template, version, description, step_count };
}

function format(templates: readonly TemplateSummary[]): string {
  if (templates.length === 0) return "No templates.";
  const rows = templates.map((template) => [
    ...[template.namespace, template.name, template.version].map(toPrintable),
    template.step_count,
    toPrintable(template.description ?? ""),
  ]);
  const headings = ["NAMESPACE", "NAME", "VERSION", "STEPS", "DESCRIPTION"];
  return formatTable(headings, rows, outputWidth()).join("\n");
}
