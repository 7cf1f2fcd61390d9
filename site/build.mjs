// npm run docs:build: puts the site together from the repository's pages and from what is generated here, and builds it.
// A link that leads nowhere ends the build. The packages must have been built.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { renderCommandLine } from "./generate/command-line.mjs";
import { openApiDocument, renderOperations } from "./generate/operations.mjs";
import { renderTemplates } from "./generate/templates.mjs";
import { publicEntries } from "../scripts/public-entries.mjs";
import { withSiteLinks } from "./links.mjs";
import { filed } from "./pages.mjs";

const site = dirname(fileURLToPath(import.meta.url));
const root = dirname(site);
const source = join(site, ".pages");
const { packageManager } = JSON.parse(readFileSync(join(site, "package.json"), "utf8"));
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: site, stdio: "inherit", env: { ...process.env, CI: "true" } });

run("npx", "-y", packageManager, "--ignore-workspace", "install", "--frozen-lockfile", "--silent");
rmSync(source, { recursive: true, force: true });
const write = (path, text) => {
  const file = join(source, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

for (const page of filed) {
  const text = readFileSync(join(root, page.file), "utf8");
  write(`${page.path}.md`, withSiteLinks(text, page, { root, pages: filed }));
}
const document = await openApiDocument();
write("reference/operations.md", renderOperations(document));
write("reference/templates.md", renderTemplates());
write("reference/command-line.md", renderCommandLine(root));
write("public/openapi.json", `${JSON.stringify(document, null, 2)}\n`);
for (const name of ["configuration.schema.json", "step-message.schema.json", "concepts.svg"])
  cpSync(join(root, "docs", name), join(source, "public", name));
cpSync(join(site, "index.md"), join(source, "index.md"));
run("npx", "typedoc", "--options", "typedoc.mjs");
nameModules();
run("npx", "vitepress", "build");

/** typedoc names a module by its path; users know the name that they import. */
function nameModules() {
  const api = join(source, "reference/api");
  const edit = (file, change) => writeFileSync(file, change(readFileSync(file, "utf8")));
  for (const { name, source: entry } of publicEntries().filter(({ isPrivate }) => !isPrivate)) {
    const path = relative(root, dirname(entry));
    edit(join(api, "index.md"), (text) => text.replace(`[${path}]`, `[${name}]`));
    edit(join(api, `${path}.md`), (text) => text.replace(`# ${path}\n`, `# ${name}\n`));
  }
}
