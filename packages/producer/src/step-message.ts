import * as z from "zod";

const word = z.string().min(1).max(255);

/** The message of one step on `<namespace>_queue`. Other keys stay unchanged. */
export const stepMessageSchema = z.object({
  step_id: word.describe(
    "Identifies the step in logs, dead letters and handlers. Use a UUID, for example.",
  ),
  template: z
    .object({
      namespace: word.describe("The template's namespace, which also names the queue."),
      name: word.describe("The template's name."),
      version: word.describe("The template's version."),
    })
    .describe("The template that the step belongs to."),
  step_name: word.describe("Which of the template's steps this is."),
  input: z.unknown().optional().describe("The handler's input: any JSON. Null if it is missing."),
  enqueued_at: z
    .string()
    .optional()
    .describe("When the step was enqueued, in ISO 8601. The queue's own time if it is missing."),
});

/** The message of one step. */
export type StepMessage = z.infer<typeof stepMessageSchema>;

/** The smallest message that a worker accepts, shown to senders of unreadable ones. */
export const smallestMessage: StepMessage = {
  step_id: "17",
  template: { namespace: "orders", name: "fulfill", version: "1.0.0" },
  step_name: "ship",
};

/** Why a message cannot be read: paths and expected types, never the values. */
export interface UnreadableMessage {
  readonly problem: string;
  /** The text of its dead letter: the problem, and how the message should have looked. */
  readonly reason: string;
}

/** The message, or why it cannot be read. */
export function parseStepMessage(
  body: unknown,
): { readonly message: StepMessage } | UnreadableMessage {
  const parsed = stepMessageSchema.safeParse(body);
  if (parsed.success) return { message: parsed.data };
  const problem = parsed.error.issues
    .map((issue) => `${issue.path.join(".") || "message"}: ${issue.message}`)
    .join("; ");
  const smallest = JSON.stringify(smallestMessage);
  const reason = `The message is not a step: ${problem}. The smallest step is ${smallest}; docs/step-message.md lists the fields.`;
  return { problem, reason };
}
