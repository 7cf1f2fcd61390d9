import * as z from "zod";

const section = z.record(z.string(), z.unknown());

/** How the worker is configured, secrets masked. */
export const runtimeConfigSchema = z.object({
  environment: z.string().describe("The environment's name."),
  common: section.describe(
    "The settings that all processes share, with the defaults of the keys that the worker uses.",
  ),
  worker: section.describe(
    "This worker's own settings, with the defaults of the keys that it uses.",
  ),
  metadata: z.object({
    timestamp: z.iso
      .datetime({ precision: 3 })
      .describe("When the answer was given: ISO 8601, UTC."),
    source: z.literal("runtime").describe("The configuration in use, not the current files."),
    redacted_fields: z.array(z.string()).describe("Full paths of the masked values, sorted."),
  }),
});

/** The configuration in use, with secrets masked: the result of `config_runtime`. */
export type RuntimeConfig = z.infer<typeof runtimeConfigSchema>;
