import * as z from "zod";

const text = z.string().nullable();

/** One page of the dead letters. */
export const deadLettersListSchema = z.object({
  dead_letters: z
    .array(
      z.object({
        namespace: z.string().describe("Its namespace."),
        id: z.string().describe("The id of its message on the queue of dead letters."),
        dead_lettered_at: text.describe("When it became a dead letter."),
        attempts: z.int().nullable().describe("How many attempts it had."),
        template: text.describe("The name of its template."),
        step: text.describe("Its name in the template."),
        step_id: text.describe("Its id."),
        code: text.describe("Why it failed, as a code."),
        message: text.describe("Why it failed, in words, secrets masked."),
      }),
    )
    .describe("The newest first. A field is null where the message lacks it."),
  limit: z.int().min(1).describe("The most dead letters in a page."),
  next_before: z
    .string()
    .nullable()
    .describe("What `before` must be for the next page; null on the last."),
});

/** One page of the dead letters. */
export type DeadLettersList = z.infer<typeof deadLettersListSchema>;

const namespace = z.string().min(1).max(255);
const code = z.string().min(1).max(255);

/** Parameters of the list of dead letters. */
export const deadLettersListParamsSchema = z.strictObject({
  namespace: namespace.optional().describe("Returns only dead letters of this namespace."),
  code: code.optional().describe("Returns only dead letters with this reason."),
  limit: z.int().min(1).max(1_000).default(100).describe("The most dead letters in a page."),
  before: z
    .string()
    .regex(/^\d{1,19}\.[a-z0-9_]{1,64}\.\d{1,19}$/, {
      error: "must be the next_before of the page before",
    })
    .optional()
    .describe("The `next_before` of the page before."),
});

/** Which dead letters to list. */
export type DeadLettersListParams = z.input<typeof deadLettersListParamsSchema>;

function isId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) < 2n ** 63n;
}

/** Which dead letters of a namespace to change: `ids`, `code` or `all` must be given. */
export const deadLettersChangeParamsSchema = z
  .strictObject({
    namespace: namespace.describe("The namespace of the dead letters."),
    ids: z
      .union([z.array(z.string()), z.string()])
      .transform((ids) => (typeof ids === "string" ? ids.split(",") : ids))
      .refine((ids) => ids.length > 0 && ids.length <= 10_000 && ids.every(isId), {
        error: "must be 1 to 10000 ids, as the list of dead letters shows them",
      })
      .optional()
      .describe("Only those with these ids: an array, or a text with commas between them."),
    code: code.optional().describe("Only those with this reason."),
    all: z.boolean().optional().describe("All of the namespace; not together with the other two."),
    limit: z.int().min(1).optional().describe("The most to change, the oldest first."),
    dry_run: z.boolean().default(false).describe("Counts what would change, and changes nothing."),
  })
  .refine(
    ({ ids, code: reason, all }) => ids !== undefined || reason !== undefined || all === true,
    {
      error: "say which: ids, code or all",
    },
  )
  .refine(({ ids, code: reason, all }) => all !== true || (ids ?? reason) === undefined, {
    error: "all cannot be combined with ids or code",
  });

/** Which dead letters to change. */
export type DeadLettersChangeParams = z.input<typeof deadLettersChangeParamsSchema>;

/** How many dead letters were changed. */
export const deadLettersChangeSchema = z.object({
  namespace: z.string().describe("The namespace of the dead letters."),
  dry_run: z.boolean().describe("Whether nothing was changed."),
  count: z.int().min(0).describe("How many were changed, or would be."),
  missing_ids: z.array(z.string()).describe("Ids of the request that no dead letter has."),
});

/** How many dead letters were changed. */
export type DeadLettersChange = z.infer<typeof deadLettersChangeSchema>;
