/** A step as its template has it. */
export interface GraphStep {
  readonly name: string;
  readonly dependencies: readonly string[];
}

/** A step with its place: columns and rows count from 0. */
export interface PlacedStep extends GraphStep {
  readonly column: number;
  readonly row: number;
}

/**
 * Places each step in the column after those of all its dependencies, and near them. A circle, or a dependency that the
 * template lacks, is drawn all the same: findings name it.
 */
export function placeSteps(steps: readonly GraphStep[]): PlacedStep[] {
  const columns = columnsOf(steps);
  const rows = new Map<string, number>();
  const placed: PlacedStep[] = [];
  for (let column = 0; placed.length < steps.length; column += 1) {
    const ordered = steps
      .filter(({ name }) => columns.get(name) === column)
      .map((step) => ({ step, wish: wishedRow(step, rows) }))
      .sort((one, other) => one.wish - other.wish);
    for (const [row, { step }] of ordered.entries()) {
      rows.set(step.name, row);
      placed.push({ ...step, column, row });
    }
  }
  return placed;
}

/** The middle of its dependencies. */
function wishedRow({ dependencies }: GraphStep, rows: ReadonlyMap<string, number>): number {
  const known = dependencies.map((name) => rows.get(name)).filter((row) => row !== undefined);
  return known.length === 0 ? 0 : known.reduce((total, row) => total + row, 0) / known.length;
}

function columnsOf(steps: readonly GraphStep[]): ReadonlyMap<string, number> {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const columns = new Map<string, number>();
  const columnOf = (name: string, above: ReadonlySet<string>): number => {
    const known = columns.get(name);
    const step = byName.get(name);
    if (known !== undefined || step === undefined || above.has(name)) return known ?? -1;
    const path = new Set(above).add(name);
    const column = 1 + Math.max(-1, ...step.dependencies.map((each) => columnOf(each, path)));
    columns.set(name, column);
    return column;
  };
  for (const { name } of steps) columnOf(name, new Set());
  return columns;
}

/** The steps in a template's answer, whatever it has. */
export function stepsIn(template: unknown): readonly TemplateStep[] {
  const { steps } = fieldsOf(template);
  return Array.isArray(steps) ? steps.map(toStep) : [];
}

/** What the page shows of a step. */
export interface TemplateStep extends GraphStep {
  readonly description: string | null;
  readonly type: string;
  readonly callable: string | null;
  readonly maxAttempts: number | null;
  readonly timeoutSeconds: number | null;
}

function toStep(step: unknown): TemplateStep {
  const fields = fieldsOf(step);
  const dependencies = Array.isArray(fields.dependencies) ? fields.dependencies : [];
  const { max_attempts: maxAttempts } = fieldsOf(fields.retry);
  return {
    name: textOf(fields.name) ?? "",
    dependencies: dependencies.filter((each) => typeof each === "string"),
    description: textOf(fields.description),
    type: textOf(fields.type) ?? "standard",
    callable: textOf(fieldsOf(fields.handler).callable),
    maxAttempts: numberOf(maxAttempts),
    timeoutSeconds: numberOf(fields.timeout_seconds),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
