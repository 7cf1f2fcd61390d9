/**
 * What a README says that its example prints: its blocks of text. One that follows the words "database stopped" is
 * printed without a database; "and exits N" behind a block is the exit code.
 */
export function readCases(readme) {
  return [...readme.matchAll(/^```text\n([\s\S]*?)^```\n*(?:and exits (\d))?/gm)].map((match) => ({
    stopped: /database stopped/i.test(readme.slice(0, match.index).trimEnd().split("\n\n").at(-1)),
    text: match[1],
    exitCode: Number(match[2] ?? 0),
  }));
}

/** The rows of a README's table of what is answered: path, status, status with the database stopped. */
export function readAnswers(readme) {
  return [...readme.matchAll(/^\| +`(\/\S*)` +\| +(\d{3}) +\| +(\d{3}) +\|$/gm)].map(
    ([, path, status, stoppedStatus]) => ({
      path,
      status: Number(status),
      stoppedStatus: Number(stoppedStatus),
    }),
  );
}

/** What the examples of a README import and its install line does not name; null where there is nothing. */
export function missingInstall(readme, installed) {
  const examples = [...readme.matchAll(/^```(?:js|javascript|ts)\b.*\n([\s\S]*?)^```/gm)];
  const imported = examples
    .flatMap(([, text]) => [
      ...text.matchAll(/\b(?:from|import|require\()\s*["']([^"'.][^"']*)["']/g),
    ])
    .map(([, module]) => /^(?:@[^/]+\/)?[^/]+/.exec(module)[0])
    .filter((name) => !name.startsWith("node:") && !Object.hasOwn(installed, name));
  return imported.length === 0
    ? null
    : `The install line lacks ${[...new Set(imported)].join(", ")}.`;
}

/** What differs between a README's text and what was printed; null where nothing does. An ellipsis stands for what moves. */
export function difference(text, printed) {
  const pattern = text
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*?");
  return new RegExp(`^${pattern}$`).test(printed)
    ? null
    : `The README says\n${text}\nand it printed\n${printed}`;
}

/** The same lines, as somebody without ES modules writes them. */
export function toCommonJs(example) {
  const lines = example
    .replace(/^export (?=const|async function|function)/gm, "")
    .replace(/^import (\w+), \{([^}]*)\} from ("[^"]+");/gm, "const $1 = require($3), {$2} = $1;")
    .replace(
      /^import \{([^}]*)\} from ("[^"]+");/gm,
      (_, names, from) => `const {${names.replaceAll(" as ", ": ")}} = require(${from});`,
    )
    .replace(/^import (\w+) from ("[^"]+");/gm, "const $1 = require($2);");
  return `(async () => {\n${lines}\n})().catch((error) => { console.error(error); process.exit(1); });\n`;
}
