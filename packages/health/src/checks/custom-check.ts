import { longestTimerMs, nameProblems, numberProblems } from "@tasker-observability/core/options";
import { type Criticality, criticalitySchema } from "../schemas/health-check.js";
import { builtInCheckNames } from "./built-in-checks.js";
import {
  type CheckResult,
  type CheckRun,
  detailedProbe,
  type Probe,
  type SharedCheck,
} from "./check.js";

/** A check of the application's own. */
export interface CustomCheck {
  /** Its key in `checks`: `^[a-z][a-z0-9_]*$`, and not the name of another check. */
  readonly name: string;
  /**
   * Measures and judges. A throw is `unhealthy`, with the error's kind for a message; whoever hangs costs the time-out only.
   * @param signal - aborted at the time-out. @param run - `abandoned` is aborted when the run is given up for good.
   */
  run(signal: AbortSignal, run: CheckRun): CheckResult | Promise<CheckResult>;
  /** Whether it can make the worker unhealthy by itself. @default "optional" */
  readonly criticality?: Criticality | undefined;
  /** `["ready"]` makes readiness ask it too; detailed asks all. @default ["detailed"] */
  readonly probes?: readonly Probe[] | undefined;
  /** Milliseconds that a run may take. @default 900 with `ready`, else 2000 */
  readonly timeoutMs?: number | undefined;
}

const known: Readonly<Record<keyof CustomCheck, true>> = {
  name: true,
  run: true,
  criticality: true,
  probes: true,
  timeoutMs: true,
};
const validName = /^[a-z][a-z0-9_]{0,63}$/;
const probeNames: readonly unknown[] = ["ready", "detailed"] satisfies Probe[];

/** Reads a custom check's fields, each once, so that what it becomes later changes nothing. */
export function readCustomCheck(check: CustomCheck): SharedCheck {
  const { name, criticality = "optional", probes = detailedProbe, timeoutMs } = check;
  // Called as a method, so that an object with a state of its own works as a check.
  return Object.freeze({
    name,
    criticality,
    probes,
    timeoutMs,
    cached: true as const,
    run: (signal: AbortSignal, run: CheckRun) => check.run(signal, run),
  });
}

/** Everything that is wrong with the checks that an application gives, each problem with what to do. */
export function customCheckProblems(checks: unknown): readonly string[] {
  if (!Array.isArray(checks)) return ["checks must be an array: pass [{ name, run }]."];
  const taken = new Set<unknown>(builtInCheckNames);
  return checks.flatMap((check: unknown, index) => {
    const path = `checks[${index}]`;
    if (typeof check !== "object" || check === null)
      return [`${path} must be an object: { name, run }.`];
    return [
      ...unknownProblems(path, check),
      ...checkNameProblems(path, check, taken),
      ...fieldProblems(path, check),
    ];
  });
}

/** An object of a class may have fields of its own: they are its state. */
function unknownProblems(path: string, check: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(check);
  return prototype === Object.prototype || prototype === null
    ? nameProblems(path, check, Object.keys(known))
    : [];
}

function checkNameProblems(
  path: string,
  check: { readonly name?: unknown },
  taken: Set<unknown>,
): readonly string[] {
  const { name } = check;
  if (typeof name !== "string" || !validName.test(name)) {
    return [
      `${path}.name must begin with a lower-case letter, followed by at most 63 of a-z, 0-9 and _.`,
    ];
  }
  if (taken.has(name))
    return [`${path}.name is "${name}", which another check has already: choose another name.`];
  taken.add(name);
  return [];
}

function fieldProblems(
  path: string,
  check: { readonly [Field in keyof CustomCheck]?: unknown },
): readonly string[] {
  const { criticality, probes } = check;
  return [
    ...(typeof check.run === "function" ? [] : [`${path}.run must be a function.`]),
    ...(criticality === undefined || criticalitySchema.safeParse(criticality).success
      ? []
      : [`${path}.criticality must be "required" or "optional".`]),
    ...(probes === undefined || isProbes(probes)
      ? []
      : [`${path}.probes must be an array of "ready" and "detailed".`]),
    ...numberProblems(`${path}.timeoutMs`, check.timeoutMs, {
      least: 1,
      most: longestTimerMs,
      whole: false,
    }),
  ];
}

function isProbes(value: unknown): boolean {
  return Array.isArray(value) && value.every((probe) => probeNames.includes(probe));
}
