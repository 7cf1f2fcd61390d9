import { objectLike } from "@tasker-observability/core/options";
import * as z from "zod";

/** Whether a value has such a method. */
export function canAnswer<Shape extends object>(
  value: unknown,
  method: keyof Shape & string,
): value is Shape {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Record<string, unknown>)[method] === "function"
  );
}

/** Whether a value has all these methods, and so is a service and not options for one. */
export function isService<Service extends object>(
  value: unknown,
  methods: readonly (keyof Service & string)[],
): value is Service {
  return lackedBy(value, methods).length === 0;
}

/** What a slot of a facade takes: a service, which is passed through, or what it is made of. */
export function serviceOption<Service extends object, Options extends object>(
  slot: string,
  methods: readonly (keyof Service & string)[],
  required?: RequiredParts,
): z.ZodType<Service | Options, Service | Options> {
  const problemOf = (value: unknown): string | null =>
    problemOfSlot({ slot, methods, required }, value);
  return z
    .custom<Service | Options>((value) => problemOf(value) === null, {
      error: ({ input }) => problemOf(input) ?? "",
    })
    .meta({ type: "a service, or options for one" });
}

interface RequiredParts {
  readonly parts: readonly string[];
  /** Where to get what has them. */
  readonly from: string;
}

interface Slot {
  readonly slot: string;
  readonly methods: readonly string[];
  /** What must be there where it is no service. */
  readonly required: RequiredParts | undefined;
}

const serviceContext = objectLike({ name: "a WorkerContext", parts: ["lifecycle", "clock"] });

/** Half a service is a mistake; a service must say which worker it answers for. */
function problemOfSlot({ slot, methods, required }: Slot, value: unknown): string | null {
  if (typeof value !== "object" || value === null)
    return `${slot} is neither a service nor options for one.`;
  const lacked = lackedBy(value, methods);
  if (lacked.length === methods.length) {
    if (required === undefined) return null;
    const missing = required.parts.filter((name) => (Reflect.get(value, name) ?? null) === null);
    return missing.length === 0 ? null : `${slot} lacks ${missing.join(", ")}: ${required.from}.`;
  }
  if (lacked.length > 0) return `The ${slot} service lacks ${lacked.join(", ")}.`;
  return "context" in value && serviceContext.safeParse(value.context).success
    ? null
    : `The ${slot} service lacks a context: give it the one that its worker has.`;
}

function lackedBy(value: unknown, methods: readonly string[]): readonly string[] {
  return methods.filter((method) => !canAnswer(value, method as never));
}
