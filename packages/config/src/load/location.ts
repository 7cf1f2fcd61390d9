import { resolve } from "node:path";
import { createRedactor } from "@tasker-observability/redact";

/** The environment variables that the loader reads besides those that the files name. */
export const locationVariables = {
  environment: "TASKER_ENV",
  root: "TASKER_CONFIG_ROOT",
  path: "TASKER_CONFIG_PATH",
  templates: "TASKER_TEMPLATE_PATH",
} as const;

/** Environment variables by name: `process.env` has this shape. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The place of the configuration: a folder of base files and the environments' files, or one file. */
export type Location = {
  readonly kind: "folder" | "file";
  /** The path as given, for problems and origins, without the password if it is a URL. */
  readonly name: string;
  readonly absolute: string;
  /** Whether it is the default place. */
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

/** Code takes precedence over variables, and one file over a folder. */
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

/** A variable's value. A name such as `constructor` does not count as set because every object has one. */
export function givenValue(variables: Variables, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
