import { readFileSync } from "node:fs";
import * as z from "zod";

/** A schema of options, and the files whose TSDoc describes them. */
export interface OptionTable {
  readonly schema: z.core.$ZodObject;
  readonly sources: readonly URL[];
}

/**
 * A README with the table of every factory's options between its markers, `<!-- options: createX -->` and
 * `<!-- /options -->`. Compare it with the file by `toMatchFileSnapshot`: `npm run generate` then writes it.
 */
export function withOptionTables(
  readme: string,
  tables: Readonly<Record<string, OptionTable>>,
): string {
  const unused = new Set(Object.keys(tables));
  const filled = readme.replace(
    /(<!-- options: (\w+) -->\n).*?(?=<!-- \/options -->)/gs,
    (_section, marker: string, factory: string) => {
      const table = tables[factory];
      if (table === undefined) throw new Error(`The README wants the options of ${factory}.`);
      unused.delete(factory);
      return `${marker}\n${tableOf(factory, table)}\n\n`;
    },
  );
  if (unused.size > 0)
    throw new Error(`The README has no marker for the options of ${[...unused].join(", ")}.`);
  return filled;
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

function tableOf(factory: string, { schema, sources }: OptionTable): string {
  const text = sources.map((source) => readFileSync(source, "utf8")).join("\n");
  const rows = Object.entries(schema._zod.def.shape as Shape).map(([name, type]) => {
    const doc = docOf(text, name);
    const cells = [`\`${name}\``, typeOf(type), defaultOf(name, type, doc), doc.description];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [
    `| option of \`${factory}\` | type | default | meaning |`,
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

interface Doc {
  readonly description: string;
  readonly defaultText: string | null;
}

function docOf(source: string, name: string): Doc {
  const comment = new RegExp(
    String.raw`^[ \t]*/\*\*((?:(?!\*/).)*)\*/\s*(?:readonly )?${name}\??:`,
    "ms",
  );
  const text = comment.exec(source)?.[1];
  if (text === undefined) throw new Error(`The option ${name} has no TSDoc.`);
  const [description = "", defaultText = null] = text
    .replace(/^\s*\*/gm, "")
    .replace(/\{@link (\w+)\}/g, "`$1`")
    .replaceAll("**\\/", "**/")
    .replace(/\s+/g, " ")
    .split("@default")
    .map((part) => part.trim());
  return { description, defaultText };
}

/** What the TSDoc says, which editors show, must be what the schema fills in. */
function defaultOf(name: string, type: z.core.$ZodType, { defaultText }: Doc): string {
  const { def } = (type as z.core.$ZodTypes)._zod;
  if ("defaultValue" in def && typeof def.defaultValue !== "object") {
    const filledIn = JSON.stringify(def.defaultValue);
    if (defaultText !== filledIn)
      throw new Error(`The TSDoc of ${name} must say "@default ${filledIn}".`);
  }
  if (defaultText === null) {
    const isRequired = !z.safeParse(type, undefined).success;
    if (!isRequired) throw new Error(`The TSDoc of the optional ${name} lacks its @default.`);
    return "required";
  }
  return defaultText;
}

function typeOf(type: z.core.$ZodType): string {
  const { type: text, unit } = (z.globalRegistry.get(type) ?? {}) as {
    readonly type?: string;
    readonly unit?: string;
  };
  return text ?? `${plainTypeOf(type)}${unit === undefined ? "" : `, ${unit}`}`;
}

function listOf(element: string): string {
  return /^[\w`]+$/.test(element) ? `${element}[]` : `(${element})[]`;
}

function plainTypeOf(type: z.core.$ZodType): string {
  const { def } = (type as z.core.$ZodTypes)._zod;
  if ("innerType" in def) return typeOf(def.innerType);
  if (def.type === "pipe") return typeOf(def.in);
  if (def.type === "array") return listOf(typeOf(def.element));
  if (def.type === "enum")
    return Object.values(def.entries)
      .map((value) => `\`"${value}"\``)
      .join(" or ");
  if (def.type === "object") return `\`{ ${Object.keys(def.shape).join("?, ")}? }\``;
  return def.type;
}
