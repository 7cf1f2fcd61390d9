import * as z from "zod";
import { findingCodes } from "../problem.js";
import { handlerMetadataSchema } from "./template-detail.js";

/** A problem of a template. */
export const findingSchema = z.object({
  severity: z
    .enum(["error", "warning"])
    .describe("An error means that the template does not work as intended."),
  code: z.enum(findingCodes).describe("What kind of problem it is."),
  path: z
    .string()
    .describe(
      "The place in the template: `steps[2].retry.max_attempts`; empty for the template as a whole.",
    ),
  message: z.string().describe("What is wrong, and what to do about it."),
});

/** A problem of a template. */
export type Finding = z.infer<typeof findingSchema>;

/** All problems of one template. */
export const templateValidationSchema = z.object({
  valid: z.boolean().describe("Whether there is no error; warnings do not count."),
  namespace: z.string().describe("Namespace of the template."),
  name: z.string().describe("Its name."),
  version: z.string().describe("Its version."),
  handler_count: z.int().min(0).describe("How many handlers its steps name, each counted once."),
  issues: z.array(z.string()).describe("The messages of the errors."),
  errors: z.array(z.string()).describe("`issues`, by Tasker's name."),
  findings: z.array(findingSchema).describe("All problems, in the order of the template."),
  handler_metadata: handlerMetadataSchema
    .nullable()
    .describe("What this worker knows about it; null if it has none of its handlers."),
  required_capabilities: z
    .array(z.string())
    .describe("The capabilities that it requires of a worker, sorted."),
  step_handlers: z
    .array(z.string())
    .describe("The callables that its steps name, each once, in the order of the steps."),
});

/** All problems of one template. */
export type TemplateValidation = z.infer<typeof templateValidationSchema>;
