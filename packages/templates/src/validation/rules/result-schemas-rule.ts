import { isJsonObject, ownValue } from "../../json.js";
import { type Problem, toProblem } from "../../problem.js";
import { validateJsonSchema } from "../json-schema.js";
import type { Subject } from "../subject.js";

/** The schemas of results should be JSON Schemas. Only a warning, since no worker checks results against them. */
export function resultSchemasRule({ steps }: Subject): readonly Problem[] {
  return steps.flatMap(({ step, path: ofStep }) => {
    const schema = ownValue(step, "result_schema") ?? true;
    const path = [...ofStep, "result_schema"];
    const code = "invalid_result_schema";
    if (typeof schema === "boolean") return [];
    if (isJsonObject(schema))
      return validateJsonSchema(schema, { code, path }).map((problem) =>
        toProblem({ ...problem, hint: problem.hint ?? undefined, severity: "warning" }),
      );
    const message =
      "result_schema is not a JSON Schema: it is neither a mapping nor true or false.";
    return [toProblem({ severity: "warning", code, path, message })];
  });
}
