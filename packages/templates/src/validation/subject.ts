import type { PathSegment } from "@tasker-observability/redact";
import type { Handlers } from "../handlers.js";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, ownValue } from "../json.js";
import type { Problem } from "../problem.js";
import type { TemplateIdentity } from "../template-identity.js";

/** A step as rules read it: everything here has the right type, whatever the file contains. */
export interface StepView {
  /** `["steps", index]`. */
  readonly path: readonly PathSegment[];
  readonly step: JsonObject;
  /** Null if it has none, or one that is not a string. */
  readonly name: string | null;
  readonly type: string;
  readonly callable: string | null;
  readonly dependencies: readonly Dependency[];
}

/** A name in a step's list of dependencies. */
export interface Dependency {
  readonly name: string;
  readonly path: readonly PathSegment[];
}

/** What rules validate. */
export interface Subject {
  readonly identity: TemplateIdentity;
  /** As written, with aliases normalized. */
  readonly definition: JsonObject;
  /** With the overrides of one environment. */
  readonly template: JsonObject;
  readonly steps: readonly StepView[];
  /** Null if unknown: then no handler counts as missing. */
  readonly handlers: Handlers | null;
  /** Null if every namespace is served. */
  readonly supportedNamespaces: readonly string[] | null;
}

/** Checks one thing. Rules never throw, and never stop each other. */
export type Rule = (subject: Subject) => readonly Problem[];

/** Reads the steps of a template, without those that are not mappings. */
export function readSteps(template: JsonObject): readonly StepView[] {
  const steps = ownValue(template, "steps");
  return isJsonArray(steps)
    ? steps.flatMap((step, index) => (isJsonObject(step) ? [toView(step, index)] : []))
    : [];
}

function toView(step: JsonObject, index: number): StepView {
  const path = ["steps", index];
  const handler = ownValue(step, "handler");
  const dependencies = ownValue(step, "dependencies");
  return {
    path,
    step,
    name: textOf(ownValue(step, "name")),
    type: textOf(ownValue(step, "type")) ?? "standard",
    callable: isJsonObject(handler) ? textOf(ownValue(handler, "callable")) : null,
    dependencies: isJsonArray(dependencies)
      ? dependencies.flatMap((name, place) =>
          typeof name === "string" ? [{ name, path: [...path, "dependencies", place] }] : [],
        )
      : [],
  };
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The beginning of a sentence about a step of this kind, which may have no name. */
export function describeStep({ name }: Pick<StepView, "name">, kind: string): string {
  return name === null ? `The ${kind}` : `The ${kind} ${JSON.stringify(name)}`;
}
