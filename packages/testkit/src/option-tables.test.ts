import { writeFileSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { withOptionTables } from "./option-tables.js";

const readme = "Before.\n\n<!-- options: createX -->\n\nold\n\n<!-- /options -->\n\nAfter.\n";

function fill(source: string, schema: z.ZodObject): string {
  const folder = mkdtempSync(join(tmpdir(), "option-tables-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = pathToFileURL(join(folder, "x-options.ts"));
  writeFileSync(file, source);
  return withOptionTables(readme, { createX: { schema, sources: [file] } });
}

it("writes a row for each option, from its schema and its TSDoc", () => {
  const source = `
    /** Where from,
     * or {@link other}. */
    source: z.custom(),
    /** How long. @default 5 */
    waitMs: z.number(),
    /** Which. @default none */
    mode: z.enum([]),
  `;
  const schema = z.strictObject({
    source: z.string().meta({ type: "`Source`" }),
    waitMs: z.number().meta({ unit: "ms" }).default(5),
    mode: z.array(z.enum(["a", "b"])).optional(),
  });
  expect(fill(source, schema)).toBe(`Before.

<!-- options: createX -->

| option of \`createX\` | type | default | meaning |
| --- | --- | --- | --- |
| \`source\` | \`Source\` | required | Where from, or \`other\`. |
| \`waitMs\` | number, ms | 5 | How long. |
| \`mode\` | (\`"a"\` or \`"b"\`)[] | none | Which. |

<!-- /options -->

After.
`);
});

it("refuses TSDoc that the schema contradicts, and options without any", () => {
  expect(() =>
    fill(
      "/** How long. @default 4 */ waitMs: 1",
      z.strictObject({ waitMs: z.number().default(5) }),
    ),
  ).toThrow('The TSDoc of waitMs must say "@default 5".');
  expect(() =>
    fill("/** How long. */ waitMs: 1", z.strictObject({ waitMs: z.number().optional() })),
  ).toThrow("The TSDoc of the optional waitMs lacks its @default.");
  expect(() => fill("", z.strictObject({ waitMs: z.number() }))).toThrow(
    "The option waitMs has no TSDoc.",
  );
});

it("refuses tables without markers, and markers without tables", () => {
  const table = { schema: z.strictObject({}), sources: [] };
  expect(() => withOptionTables("", { createX: table })).toThrow(
    "no marker for the options of createX",
  );
  expect(() => withOptionTables(readme, {})).toThrow("The README wants the options of createX.");
});
