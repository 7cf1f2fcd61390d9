import { z } from "zod";

const word = z.string().min(1).max(255);

/** The message of one step, as it lies on `<namespace>_queue`. Keys that are not named here are left alone. */
export const stepMessageSchema = z.object({
  step_id: word.describe("Identifies the step to whoever enqueued it."),
  template: z.object({ namespace: word, name: word, version: word }).describe("The template that the step belongs to."),
  step_name: word.describe("Which of the template's steps this is."),
  input: z.unknown().optional().describe("What the handler is given; null where absent."),
  enqueued_at: z.string().describe("When the step was enqueued: ISO 8601."),
});

/** One step to run. */
export type StepMessage = z.infer<typeof stepMessageSchema>;

/** A message as it was claimed: hidden from other workers until its visibility time-out. */
export interface ClaimedMessage {
  readonly queueName: string;
  readonly messageId: string;
  /** How often it has been claimed, this time included: the attempt number. A crash counts. */
  readonly readCount: number;
  /** Milliseconds since it was enqueued, by the database's clock. */
  readonly ageMs: number;
  readonly body: unknown;
}

/** What tells a claim from those before and after it. */
export type Fence = Pick<ClaimedMessage, "messageId" | "readCount">;

/** The message, or why it cannot be read: paths and expectations, never the values found. */
export function parseStepMessage(body: unknown): { readonly message: StepMessage } | { readonly problem: string } {
  const parsed = stepMessageSchema.safeParse(body);
  if (parsed.success) return { message: parsed.data };
  return { problem: parsed.error.issues.map((issue) => `${issue.path.join(".") || "message"}: ${issue.message}`).join("; ") };
}
