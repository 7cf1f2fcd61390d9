import { readFileSync } from "node:fs";

const read = (file) => readFileSync(new URL(file, import.meta.url), "utf8");
const listed = read("spelling/words-of-others.txt").match(/^[^#\n].*/gm);
/** What docs/glossary.md explains is a word. */
const terms = [...read("docs/glossary.md").matchAll(/^\| \*\*(.+?)\*\*/gm)].map(([, term]) => term);

export default {
  version: "0.2",
  language: "en",
  useGitignore: true,
  reporters: ["default", "./scripts/spelling-reporter.mjs"],
  files: ["**"],
  ignorePaths: ["pnpm-lock.yaml", ".git", "spelling"],
  flagWords: read("spelling/retired-words.txt").match(/^[^#\n].*/gm),
  // Locks and slots are held; nothing else is.
  ignoreRegExpList: [
    "/\\b(?:lock|slot)s?\\b.{0,60}\\bh(?:eld|old(?:s|ing)?)\\b/gi",
    "/\\bh(?:eld|old(?:s|ing)?)\\b.{0,20}\\block\\b/gi",
  ],
  words: [...listed, ...terms.flatMap((term) => term.split(/[^\p{L}']+/u))],
  overrides: [
    // A changeset or changelog names what is gone, and a test what is rejected.
    { filename: [".changeset/*.md", "packages/*/CHANGELOG.md"], ignoreRegExpList: ["/`[^`]*`/g"] },
    { filename: "tests/lint-rules.test.ts", ignoreRegExpList: ['/"[^"]*"/g'] },
    // Inventories of key names in other languages, tokens of vendors, hostile texts, SQL of others.
    {
      filename: ["**/redact/**", "docs/redaction.md", "**/access-words.ts", "packages/pgmq/sql/*"],
      enabled: false,
    },
    {
      // Misspelt and foreign on purpose: which name is suggested, which text comes through.
      filename: ["**/*.test.ts", "**/*.md", "clients/**", "**/reference/introduction.ts"],
      words: read("spelling/misspelt-on-purpose.txt").match(/^[^#\n].*/gm),
    },
  ],
};
