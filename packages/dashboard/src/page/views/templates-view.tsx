import { useEffect, useState } from "preact/hooks";
import type { ViewProps } from "../app.js";
import type { TemplateList, TemplateSummary, TemplateValidation } from "../data/answers.js";
import { get } from "../data/client.js";
import { hashOf } from "../data/route.js";
import { counted } from "../data/texts.js";
import { useAnswer } from "../page-context.js";
import { Filter, Search } from "../parts/filter.js";
import { Pager } from "../parts/pager.js";
import { Answered, Panel } from "../parts/panel.js";
import { Status } from "../parts/status.js";
import { type Column, Table } from "../parts/table.js";
import { pageOf, useFilter } from "../parts/use-filter.js";
import { useAllTemplates } from "../parts/use-all-templates.js";

const path = "/templates?limit=1000";
const pageSize = 25;

export function TemplatesView({ route }: ViewProps) {
  // Templates change with a deployment, seldom in between.
  const snapshot = useAnswer<TemplateList>(path, 30_000);
  const templates = useAllTemplates(snapshot.result);
  const { value, change, offset, move } = useFilter(route);
  const find = value("find").toLowerCase();
  const found = templates.filter(
    ({ namespace, name, description }) =>
      (value("namespace") === "" || namespace === value("namespace")) &&
      `${name} ${description ?? ""}`.toLowerCase().includes(find),
  );
  const namespaces = [...new Set(templates.map(({ namespace }) => namespace))];
  return (
    <Panel
      title={counted(found.length, "template")}
      source={{ path, result: snapshot.result }}
      aside={
        <>
          <Filter
            label="Namespace"
            value={value("namespace")}
            choices={["", ...namespaces].map((each) => ({ value: each, text: each || "all" }))}
            onChange={(namespace) => change({ namespace })}
          />
          <Search label="Find" value={value("find")} onInput={(text) => change({ find: text })} />
        </>
      }
    >
      <Answered snapshot={snapshot} what="templates">
        {() => <TemplateTable templates={pageOf(found, offset, pageSize)} />}
      </Answered>
      <Pager what="templates" limit={pageSize} total={found.length} offset={offset} onMove={move} />
    </Panel>
  );
}

const columns: readonly Column<TemplateSummary>[] = [
  {
    head: "Template",
    cell: ({ namespace, name, version }) => (
      <a href={hashOf(["templates", namespace, name, version])}>{name}</a>
    ),
  },
  { head: "Namespace", cell: ({ namespace }) => namespace },
  { head: "Version", cell: ({ version }) => version },
  { head: "Steps", kind: "number", cell: ({ step_count }) => step_count },
  { head: "Description", kind: "wide", cell: ({ description }) => description ?? "–" },
];

function TemplateTable({ templates }: { readonly templates: readonly TemplateSummary[] }) {
  const validations = useValidations(templates);
  if (templates.length === 0)
    return <p class="empty">No template. Either none is registered, or none matches the filter.</p>;
  const findings: Column<TemplateSummary> = {
    head: "Findings",
    cell: (template) => <Findings validation={validations.get(idOf(template))} />,
  };
  return (
    <Table
      caption="Templates that this worker knows"
      columns={[...columns.slice(0, 4), findings, ...columns.slice(4)]}
      rows={templates}
      keyOf={idOf}
    />
  );
}

function Findings({ validation }: { readonly validation: TemplateValidation | null | undefined }) {
  if (validation === undefined) return <span class="dim">checking</span>;
  if (validation === null) return <Status tone="unknown" text="not checked" />;
  const errors = validation.findings.filter(({ severity }) => severity === "error").length;
  const warnings = validation.findings.length - errors;
  if (errors > 0) return <Status tone="unhealthy" text={counted(errors, "error")} />;
  if (warnings > 0) return <Status tone="degraded" text={counted(warnings, "warning")} />;
  return <Status tone="healthy" text="none" />;
}

function idOf({ namespace, name, version }: TemplateSummary): string {
  return [namespace, name, version].map(encodeURIComponent).join("/");
}

/** Validates what is shown, one template after the other; null where the worker did not answer. */
function useValidations(templates: readonly TemplateSummary[]) {
  const [known, setKnown] = useState<ReadonlyMap<string, TemplateValidation | null>>(new Map());
  const next = templates.map(idOf).find((id) => !known.has(id));
  useEffect(() => {
    if (next === undefined) return undefined;
    let isShown = true;
    void get<TemplateValidation>(`/templates/${next}/validate`).then((outcome) => {
      if (isShown)
        setKnown((before) => new Map(before).set(next, outcome.ok ? outcome.result : null));
    });
    return () => {
      isShown = false;
    };
  }, [next]);
  return known;
}
