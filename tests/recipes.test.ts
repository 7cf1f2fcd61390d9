import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

interface Recipe {
  readonly title: string;
  readonly edits: readonly { readonly file: string }[];
  readonly commands: readonly string[];
}

const { applyRecipe, readRecipes } = (await import(
  new URL("../scripts/recipes.mjs", import.meta.url).href
)) as {
  readonly readRecipes: (page: string) => readonly Recipe[];
  readonly applyRecipe: (folder: string, recipe: Recipe) => void;
};

const page = `# Page

## Add a thing

1. A file:

   \`\`\`ts file=src/thing.ts
   export const thing = {
     a: 1,
   };
   \`\`\`

2. An edit:

   \`\`\`diff file=list.ts
    one
   +two
    three
   @@
   -old
   +new
   \`\`\`

\`\`\`sh
npm run lint && npm run typecheck # both
\`\`\`

## Style
`;

/** A folder with the page and the file that its recipe edits. */
function prepare(list: string): { readonly folder: string; readonly recipe: Recipe } {
  const folder = mkdtempSync(join(tmpdir(), "recipes-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, "page.md"), page);
  writeFileSync(join(folder, "list.ts"), list);
  const [recipe] = readRecipes(join(folder, "page.md"));
  return { folder, recipe: recipe! };
}

it("a recipe has the files, edits and commands of its section", () => {
  expect(prepare("").recipe).toMatchObject({
    title: "Add a thing",
    edits: [{ file: "src/thing.ts" }, { file: "list.ts" }],
    commands: ["npm run lint", "npm run typecheck"],
  });
});

it("a recipe writes its files and makes its edits", () => {
  const { folder, recipe } = prepare("one\nthree\nold\n");
  applyRecipe(folder, recipe);
  expect(readFileSync(join(folder, "src/thing.ts"), "utf8")).toBe(
    "export const thing = {\n  a: 1,\n};\n",
  );
  expect(readFileSync(join(folder, "list.ts"), "utf8")).toBe("one\ntwo\nthree\nnew\n");
});

it.each(["one\nother\nthree\nold\n", "one\nthree\nold\nold\n"])(
  "a recipe whose lines the code has not exactly once is refused (%j)",
  (list) => {
    const { folder, recipe } = prepare(list);
    expect(() => {
      applyRecipe(folder, recipe);
    }).toThrow("list.ts has these lines not exactly once");
  },
);
