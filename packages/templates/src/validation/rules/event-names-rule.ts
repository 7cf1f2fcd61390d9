import { isJsonArray, isJsonObject, ownValue } from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import type { StepView, Subject } from "../subject.js";

const eventName = /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/;
const publisherName = /^[A-Za-z_]\w*(?:(?:::|\.)[A-Za-z_]\w*)*$/;

/** Events and publishers must have names that Tasker accepts, each once per step. */
export function eventNamesRule({ steps }: Subject): readonly Problem[] {
  return steps.flatMap(validateEvents);
}

function validateEvents({ step, path: ofStep }: StepView): readonly Problem[] {
  const events = ownValue(step, "publishes_events");
  if (!isJsonArray(events)) return [];
  const seen = new Set<string>();
  return events.flatMap((event, index) => {
    // The short form, only a name, is refused as a whole.
    if (!isJsonObject(event)) return [];
    const path = [...ofStep, "publishes_events", index];
    const at = [...path, "name"];
    const name = ownValue(event, "name");
    const publisher = ownValue(event, "publisher");
    if (typeof name !== "string") return [];
    const isRepeated = seen.has(name);
    seen.add(name);
    return [
      ...warn(!eventName.test(name), {
        code: "bad_event_name",
        path: at,
        message: "Tasker refuses this: the event is not named namespace.action.",
        hint: "Lower-case letters, digits and underscores, with a dot between the parts: order.paid.",
      }),
      ...warn(isRepeated, {
        code: "duplicate_event",
        path: at,
        message: `The step publishes ${JSON.stringify(name)} twice: Tasker uses the last of them.`,
      }),
      ...warn(typeof publisher === "string" && !publisherName.test(publisher), {
        code: "bad_event_name",
        path: [...path, "publisher"],
        message: "Tasker refuses this: the publisher is not the name of a class or function.",
        hint: "Letters, digits and underscores, with :: or a dot between the parts.",
      }),
    ];
  });
}

function warn(isWrong: boolean, parts: Parameters<typeof toProblem>[0]): readonly Problem[] {
  return isWrong ? [toProblem({ ...parts, severity: "warning" })] : [];
}
