import type { ViewProps } from "../app.js";
import type { Finding, TemplateDetail, TemplateValidation } from "../data/answers.js";
import { hashOf } from "../data/route.js";
import { stepsIn, type TemplateStep } from "../data/step-graph.js";
import { counted } from "../data/texts.js";
import { useAnswer } from "../page-context.js";
import { Answered, Panel } from "../parts/panel.js";
import { Status } from "../parts/status.js";
import { StepGraph } from "../parts/step-graph.js";
import { type Column, Table } from "../parts/table.js";

/** Templates are read again after their cache has expired, not at every look. */
const everyMs = 10_000;

export function TemplateView({ route: { segments } }: ViewProps) {
  const identity = segments.slice(1);
  const path = `/templates/${identity.map(encodeURIComponent).join("/")}`;
  const detail = useAnswer<TemplateDetail>(path, everyMs);
  const validation = useAnswer<TemplateValidation>(`${path}/validate`, everyMs);
  const [namespace, name, version] = identity;
  return (
    <>
      <p class="toolbar">
        <a href={hashOf(["templates"])}>Templates</a>
        <span>{`${namespace ?? ""} / ${name ?? ""} ${version ?? ""}`}</span>
      </p>
      <Panel title="Findings" source={{ path: `${path}/validate`, result: validation.result }}>
        <Answered snapshot={validation} what="findings">
          {({ findings }) => <Findings findings={findings} />}
        </Answered>
      </Panel>
      <Panel title="Steps" source={{ path, result: detail.result }}>
        <Answered snapshot={detail} what="template">
          {({ template }) => (
            <Steps
              steps={stepsIn(template.template)}
              findings={validation.result?.findings ?? []}
            />
          )}
        </Answered>
      </Panel>
    </>
  );
}

const findingColumns: readonly Column<Finding>[] = [
  { head: "Code", cell: ({ code }) => <code>{code}</code> },
  {
    head: "Severity",
    cell: ({ severity }) => (
      <Status tone={severity === "error" ? "unhealthy" : "degraded"} text={severity} />
    ),
  },
  { head: "Place", cell: ({ path }) => <code>{path === "" ? "–" : path}</code> },
  { head: "Message", kind: "wide", cell: ({ message }) => message },
];

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0)
    return <p class="empty">None: the template is valid, and this worker has its handlers.</p>;
  return (
    <Table
      caption="Findings"
      columns={findingColumns}
      rows={findings}
      keyOf={({ code, path, message }) => `${code} ${path} ${message}`}
    />
  );
}

interface StepsProps {
  readonly steps: readonly TemplateStep[];
  readonly findings: readonly Finding[];
}

function Steps({ steps, findings }: StepsProps) {
  const unwell = new Map(
    steps.flatMap(({ name }, index) => {
      const own = findings.filter(({ path }) => path.startsWith(`steps[${index}]`));
      const tone = own.some(({ severity }) => severity === "error") ? "unhealthy" : "degraded";
      return own.length === 0 ? [] : [[name, tone] as const];
    }),
  );
  if (steps.length === 0) return <p class="empty">This template has no step.</p>;
  return (
    <>
      <StepGraph steps={steps} toneOf={(name) => unwell.get(name)} />
      <Table
        caption="Steps"
        columns={stepColumns}
        rows={steps}
        keyOf={({ name }) => name}
        toneOf={({ name }) => unwell.get(name)}
      />
    </>
  );
}

const stepColumns: readonly Column<TemplateStep>[] = [
  { head: "Step", cell: ({ name }) => name },
  { head: "Handler", cell: ({ callable }) => <code>{callable ?? "–"}</code> },
  { head: "After", cell: ({ dependencies }) => dependencies.join(", ") || "–" },
  { head: "Type", cell: ({ type }) => type },
  { head: "Attempts", kind: "number", cell: ({ maxAttempts }) => maxAttempts ?? "–" },
  {
    head: "Time-out",
    kind: "number",
    cell: ({ timeoutSeconds }) =>
      timeoutSeconds === null ? "–" : counted(timeoutSeconds, "s", "s"),
  },
  { head: "Description", kind: "wide", cell: ({ description }) => description ?? "–" },
];
