import type { ConfigProblem } from "../config-error.js";
import { valueAt } from "../tree.js";
import { expandText } from "./expand.js";
import { locationVariables, variableOf, type Variables } from "./location.js";
import { mergeTrees } from "./merge.js";
import { fileOf, type Origin } from "./origins.js";
import type { TomlDocument } from "./parse-toml.js";

export const environmentPath = ["common", "execution", "environment"] as const;

/** The environment if none is named: it needs no files of its own. */
export const fallbackName = "development";

/** The environment's name, its value in the configuration, and its origin. */
export interface ChosenEnvironment {
  readonly name: string;
  /** The value as written: with a file's variables, and with a file's mistakes. */
  readonly written: unknown;
  readonly origin: Origin;
}

/** Determined before the environment's files are read, because it selects them: they cannot change it. */
export function chooseEnvironment(
  base: readonly TomlDocument[],
  variables: Variables,
  given: string | undefined,
): ChosenEnvironment {
  if (given !== undefined)
    return { name: given, written: given, origin: { source: "option", file: null, variables: [] } };
  const variable = variableOf(variables, locationVariables.environment);
  if (variable === undefined) return fromFiles(base, variables);
  return {
    name: variable,
    written: variable,
    origin: { source: "variable", file: null, variables: [locationVariables.environment] },
  };
}

function fromFiles(base: readonly TomlDocument[], variables: Variables): ChosenEnvironment {
  const written = valueAt(mergeTrees(base.map(({ tree }) => tree)), environmentPath) ?? "";
  // The schema rejects values that are not strings.
  const { text, used } = expandText(typeof written === "string" ? written : "", variables);
  if (text === "")
    return {
      name: fallbackName,
      written: written === "" ? fallbackName : written,
      origin: { source: "default", file: null, variables: [] },
    };
  return {
    name: text,
    written,
    origin: {
      source: used.length > 0 ? "variable" : "file",
      file: fileOf(base, environmentPath),
      variables: used,
    },
  };
}

/** The name must be a folder's, inside the configuration's folder. */
export function validateEnvironmentName({
  name,
  origin,
}: ChosenEnvironment): readonly ConfigProblem[] {
  if (/^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) return [];
  const message = "must be a plain name, such as production: letters, digits, _ . and -";
  return [
    {
      path: environmentPath.join("."),
      variable: origin.variables[0] ?? null,
      file: origin.file,
      message,
    },
  ];
}
