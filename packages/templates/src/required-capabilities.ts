import { isJsonArray, type JsonObject, ownValue } from "./json.js";
import { readSteps } from "./validation/subject.js";

const byStepType: ReadonlyMap<string, string> = new Map([
  ["decision", "decision_points"],
  ["deferred_convergence", "deferred_convergence"],
  ["batchable", "batch_processing"],
  ["batch_worker", "batch_processing"],
]);

/** The capabilities that a template requires, sorted: by the types of its steps, and if they publish events. */
export function requiredCapabilities(template: JsonObject): readonly string[] {
  const needed = readSteps(template).flatMap(({ type, step }) => {
    const events = ownValue(step, "publishes_events");
    const ofType = byStepType.get(type);
    return [
      ...(ofType === undefined ? [] : [ofType]),
      ...(isJsonArray(events) && events.length > 0 ? ["domain_events"] : []),
    ];
  });
  return [...new Set(needed)].sort();
}
