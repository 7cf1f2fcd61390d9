import {
  functionOption,
  maxTimerMs,
  numberOption,
  objectAsGiven,
  textOption,
} from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { criticalitySchema } from "../schemas/health-check.js";
import { builtInCheckNames } from "./built-in-checks.js";
import {
  amountOption,
  type CheckResult,
  type CheckRun,
  detailedProbe,
  readinessProbes,
  type SharedCheck,
} from "./check.js";

const nameOption = textOption(
  "a lower-case letter, followed by at most 63 of a-z, 0-9 and _",
  (name) => /^[a-z][a-z0-9_]{0,63}$/.test(name),
);

/** The settings of every custom check, including ready-made ones. */
const customCheckSettings = z.strictObject({
  /** Whether this check alone can make the worker unhealthy and unready. @default "optional" */
  criticality: z.optional(criticalitySchema),
  /** `["ready"]` makes readiness run it too; detailed runs all. @default ["ready", "detailed"] for a required check, else ["detailed"] */
  probes: z.optional(z.readonly(z.array(z.enum(["ready", "detailed"])))),
  /** How long a run may take, in milliseconds. @default 900 with `ready`, else 2000 */
  timeoutMs: z.optional(numberOption(1, maxTimerMs, { unit: "ms" })),
  /** Milliseconds for which its result is reused; 0 still shares the current run. @default the service's */
  cacheTtlMs: z.optional(amountOption("ms")),
});

/** The settings of a ready-made check: those of every check, and a name with a default. */
export function readyMadeSettings(name: string) {
  return { name: z._default(nameOption, name), ...customCheckSettings.shape };
}

const customCheckSchema = z.strictObject({
  /** Its key in `checks`: `^[a-z][a-z0-9_]*$`, and not the name of another check. */
  name: nameOption,
  /**
   * Measures and evaluates; returning nothing is healthy. A run that throws is `unhealthy`, and the error's kind is the
   * message. A run that hangs costs its time-out, no more: at the time-out its signal is aborted, and when the run is
   * abandoned, so is `abandoned` of the second argument.
   */
  run: functionOption<
    (
      signal: AbortSignal,
      run: CheckRun,
    ) => CheckResult | undefined | Promise<CheckResult | undefined>
  >("async (signal) => ({ status, message })"),
  ...customCheckSettings.shape,
});
/** A check of the application. */
export type CustomCheck = z.input<typeof customCheckSchema>;

/** Checks with distinct names, different from those of built-in checks. */
export const customChecksOption = z.readonly(z.array(objectAsGiven(customCheckSchema))).check(
  z.superRefine((checks, context) => {
    const taken = new Set<unknown>(builtInCheckNames);
    checks.forEach(({ name }, index) => {
      const message = `checks[${index}].name is "${name}", which another check has already: choose another name.`;
      if (taken.has(name)) context.addIssue({ code: "custom", message });
      taken.add(name);
    });
  }),
);

/** Reads each field of a custom check once, so that later changes to the object have no effect. */
export function readCustomCheck(check: CustomCheck): SharedCheck {
  const { name, criticality = "optional", timeoutMs, cacheTtlMs } = check;
  const { probes = criticality === "required" ? readinessProbes : detailedProbe } = check;
  // Called as a method, so that a check may be an object with state.
  return Object.freeze({
    name,
    criticality,
    probes,
    timeoutMs,
    cacheTtlMs,
    cached: true as const,
    run: (signal: AbortSignal, run: CheckRun) => check.run(signal, run),
  });
}
