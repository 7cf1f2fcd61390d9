import { givenOptions, hasAll, shapeProblems } from "@tasker-observability/core/options";

/** Says what is wrong with what must be the operations of a facade or of a worker. */
export function operationsProblems(operations: unknown): readonly string[] {
  if (typeof operations === "object" && operations !== null && "operations" in operations)
    return [
      "operations must be operations by name: pass the `operations` of this facade or worker.",
    ];
  const areOperations =
    typeof operations === "object" &&
    operations !== null &&
    Object.values(operations).every((value) => isOperation(value) || hasOperations(value));
  return areOperations
    ? []
    : ["operations must be operations by name: pass the `operations` of a facade or a worker."];
}

/** A service, or whatever else has operations. */
function hasOperations(value: unknown): boolean {
  return hasAll(value, ["operations"], "object");
}

function isOperation(value: unknown): boolean {
  return (
    hasAll(value, ["run"], "function") &&
    hasAll(givenOptions(value).context, ["clock", "lifecycle"], "object")
  );
}

/** Says what is wrong with a policy that may be absent. */
export function policyProblems(policy: unknown): readonly string[] {
  return shapeProblems(
    policy,
    ["offers", "refusal"],
    "policy must be what createAccessPolicy() made, or have offers() and refusal() as it has.",
  );
}

/** Says what is wrong with a function that may be absent. */
export function functionProblems(name: string, value: unknown): readonly string[] {
  return value === undefined || typeof value === "function" ? [] : [`${name} must be a function.`];
}
