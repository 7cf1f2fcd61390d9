import { reservedNamespace } from "@tasker-observability/core";
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from "./json.js";
import { type Problem, toProblem } from "./problem.js";
import { rubySymbolHint } from "./ruby-symbols.js";
import { normalizeAliases } from "./resolve/normalize-aliases.js";
import { findRefusedSpellings } from "./resolve/spellings.js";
import type { TemplateSummary } from "./schemas/template-list.js";
import { isAddressable, type TemplateIdentity } from "./template-identity.js";
import type { TemplateDefinition } from "./template-source.js";

/** A template, or the problems that prevent it. */
export interface Defined {
  /** Null if it has no usable identity. */
  readonly template: TemplateDefinition | null;
  /** The template, or the value in its place, so that it can still be validated; null if it is not a mapping. */
  readonly draft: TemplateDefinition | null;
  /** The given problems, and those of the identity. */
  readonly problems: readonly Problem[];
}

/** What reading a template returned besides its value. */
type ReadTemplate = Pick<TemplateDefinition, "problems" | "dropped" | "registeredAt">;

/** Makes a template from what was read. Whatever it lacks is a problem. */
export function defineTemplate(value: JsonValue | undefined, read: ReadTemplate): Defined {
  if (value === undefined) return { template: null, draft: null, problems: read.problems };
  if (!isJsonObject(value)) {
    const problem = toProblem({
      code: "not_a_template",
      message: "The document is not a mapping.",
      hint: "A template begins with keys such as name and namespace_name.",
    });
    return { template: null, draft: null, problems: [...read.problems, problem] };
  }
  const [name, namespace, version] = identityKeys.map((key) => ownValue(value, key));
  const identity = Object.freeze({
    namespace: textOf(namespace),
    name: textOf(name),
    version: textOf(version),
  });
  const problems = Object.freeze([
    ...read.problems,
    ...identityKeys.flatMap((key) => missingText(value, key)),
    ...findRefusedSpellings(value),
    ...validateReserved(value),
    ...validateAddress(identity),
  ]);
  const draft = Object.freeze({
    identity,
    definition: normalizeAliases(value),
    dropped: read.dropped,
    problems,
    registeredAt: read.registeredAt,
  });
  const isNamed = isAddressable(identity) && identity.namespace !== reservedNamespace;
  return { template: isNamed ? draft : null, draft, problems };
}

/** The line that lists it. */
export function summarize({ identity, definition }: TemplateDefinition): TemplateSummary {
  const description = ownValue(definition, "description");
  const steps = ownValue(definition, "steps");
  return Object.freeze({
    ...identity,
    description: typeof description === "string" ? description : null,
    step_count: Array.isArray(steps) ? steps.length : 0,
  });
}

const identityKeys = ["name", "namespace_name", "version"] as const;

function missingText(value: JsonObject, key: string): readonly Problem[] {
  const found = ownValue(value, key);
  if (textOf(found) !== "") return [];
  if (typeof found === "number")
    return [
      toProblem({
        code: "not_a_template",
        path: [key],
        message: `${key} is a number.`,
        hint: "Put it in quotes.",
      }),
    ];
  return [
    toProblem({
      code: "not_a_template",
      path: [key],
      message: `${key} is missing.`,
      hint: rubySymbolHint(key, value) ?? "A template must have name, namespace_name and version.",
    }),
  ];
}

function validateReserved(value: JsonObject): readonly Problem[] {
  if (ownValue(value, "namespace_name") !== reservedNamespace) return [];
  return [
    toProblem({
      code: "reserved_namespace",
      path: ["namespace_name"],
      message: `The namespace ${reservedNamespace} is reserved.`,
      hint: "Name it otherwise.",
    }),
  ];
}

/** Names that could be listed but never requested. */
function validateAddress(identity: TemplateIdentity): readonly Problem[] {
  if (Object.values(identity).includes("") || isAddressable(identity)) return [];
  return [
    toProblem({
      code: "bad_name",
      message: "No client can request a template with this namespace, name and version.",
      hint: "At most 255 characters for the first two, 64 for the version; none of them . or .. alone.",
    }),
  ];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
