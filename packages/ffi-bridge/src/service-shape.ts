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

/** Whether a value has all these methods, and so is a service, not options for one. */
export function isService<Service extends object>(
  value: unknown,
  methods: readonly (keyof Service & string)[],
): value is Service {
  return missingFrom(value, methods).length === 0;
}

/** An option that is a service, passed through, or options to make one. */
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
  /** What to call to get them. */
  readonly from: string;
}

interface Slot {
  readonly slot: string;
  readonly methods: readonly string[];
  /** The parts that options, unlike a service, must have. */
  readonly required: RequiredParts | undefined;
}

const serviceContext = objectLike({ name: "a WorkerContext", parts: ["lifecycle", "clock"] });

/** A service must be complete, and have the context of its worker. */
function problemOfSlot({ slot, methods, required }: Slot, value: unknown): string | null {
  if (typeof value !== "object" || value === null)
    return `${slot} is neither a service nor options for one.`;
  const missing = missingFrom(value, methods);
  if (missing.length === methods.length) {
    if (required === undefined) return null;
    const absent = required.parts.filter((name) => (Reflect.get(value, name) ?? null) === null);
    return absent.length === 0 ? null : `${slot} lacks ${absent.join(", ")}: ${required.from}.`;
  }
  if (missing.length > 0) return `The ${slot} service lacks ${missing.join(", ")}.`;
  return "context" in value && serviceContext.safeParse(value.context).success
    ? null
    : `The ${slot} service lacks a context: pass it its worker's context.`;
}

function missingFrom(value: unknown, methods: readonly string[]): readonly string[] {
  return methods.filter((method) => !canAnswer(value, method as never));
}
