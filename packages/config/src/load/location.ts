import { resolve } from "node:path";
import { createRedactor } from "@tasker-observability/redact";

/** The environment variables that the loader reads, beside those that the files name. */
export const locationVariables = {
  environment: "TASKER_ENV",
  root: "TASKER_CONFIG_ROOT",
  path: "TASKER_CONFIG_PATH",
  templates: "TASKER_TEMPLATE_PATH",
} as const;

/** Environment variables by name: `process.env` has this shape. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where the configuration is: a folder of base files and overlays, or one file. */
export type Location = {
  readonly kind: "folder" | "file";
  /** As given, for problems and origins, without the password if it is a URL. */
  readonly name: string;
  readonly absolute: string;
  /** Whether nobody has named it. */
  readonly isDefault: boolean;
};

export interface LocationOptions {
  readonly variables: Variables;
  readonly root?: string | undefined;
  readonly path?: string | undefined;
  readonly cwd?: string | undefined;
}

const redactor = createRedactor();

const defaultRoot = "config/tasker";

/** What is given in code wins over variables; one file wins over a folder. */
export function resolveLocation(options: LocationOptions): Location {
  const { variables, cwd = process.cwd() } = options;
  const fromVariables = options.path === undefined && options.root === undefined;
  const path =
    options.path ?? (fromVariables ? variableOf(variables, locationVariables.path) : undefined);
  if (path !== undefined)
    return {
      kind: "file",
      name: redactor.text(path),
      absolute: resolve(cwd, path),
      isDefault: false,
    };
  const given = options.root ?? variableOf(variables, locationVariables.root);
  const root = given ?? defaultRoot;
  return {
    kind: "folder",
    name: redactor.text(root),
    absolute: resolve(cwd, root),
    isDefault: given === undefined,
  };
}

/** A variable's value; an empty one counts as not set. */
export function variableOf(variables: Variables, name: string): string | undefined {
  const value = givenValue(variables, name);
  return value === "" ? undefined : value;
}

/** A variable's value as it is: a name such as `constructor` is not set because every object has one. */
export function givenValue(variables: Variables, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
