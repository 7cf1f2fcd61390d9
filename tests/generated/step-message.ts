import { stepMessageSchema } from "@tasker-observability/producer";
import * as z from "zod";
import { withTable } from "./page-tables.js";

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const schema = z.toJSONSchema(stepMessageSchema, { io: "input" });

/** `docs/step-message.schema.json`: for those who write messages in another language. */
export function renderStepMessageSchema(): string {
  return `${JSON.stringify({ title: "The message of a step", ...schema }, null, 2)}\n`;
}

/** The page with the table of a message's fields. */
export function withStepMessageFields(page: string): string {
  return withTable(
    page,
    [
      "| field | type | required | meaning |",
      "| --- | --- | --- | --- |",
      ...rowsOf(schema as Schema),
    ],
    "fields",
  );
}

function rowsOf({ properties = {}, required = [] }: Schema, above = ""): readonly string[] {
  return Object.entries(properties).flatMap(([name, field]) => [
    `| \`${above}${name}\` | ${typeOf(field)} | ${required.includes(name) ? "yes" : "no"} | ${field.description ?? ""} |`,
    ...rowsOf(field, `${above}${name}.`),
  ]);
}

function typeOf({ type = "any JSON", maxLength }: Schema): string {
  return maxLength === undefined ? type : `${type}, 1 to ${maxLength} characters`;
}
