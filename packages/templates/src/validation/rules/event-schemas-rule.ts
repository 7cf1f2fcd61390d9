import type { PathSegment } from "@tasker-observability/redact";
import { isJsonArray, isJsonObject, type JsonValue, ownValue } from "../../json.js";
import type { Problem } from "../../problem.js";
import { validateJsonSchema } from "../json-schema.js";
import type { Subject } from "../subject.js";

/** The schemas of events, steps and the task must be JSON Schemas. */
export function eventSchemasRule({ template, steps }: Subject): readonly Problem[] {
  const ofSteps = steps.flatMap(({ step, path }) =>
    validateEvents(ownValue(step, "publishes_events"), [...path, "publishes_events"]),
  );
  return [...validateEvents(ownValue(template, "domain_events"), ["domain_events"]), ...ofSteps];
}

function validateEvents(
  events: JsonValue | undefined,
  path: readonly PathSegment[],
): readonly Problem[] {
  if (!isJsonArray(events)) return [];
  return events.flatMap((event, index) => {
    const schema = isJsonObject(event) ? ownValue(event, "schema") : undefined;
    return isJsonObject(schema)
      ? validateJsonSchema(schema, {
          code: "invalid_event_schema",
          path: [...path, index, "schema"],
        })
      : [];
  });
}
