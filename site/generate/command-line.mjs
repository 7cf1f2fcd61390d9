import { execFileSync } from "node:child_process";
import { join } from "node:path";

const commands = [
  ["tasker-worker", "packages/worker/bin/tasker-worker.js"],
  ["tasker-observability", "packages/cli/bin/tasker-observability.cjs"],
];

/** The page of both commands: their own help. */
export function renderCommandLine(root) {
  const sections = commands.map(([name, file]) => {
    const help = execFileSync(process.execPath, [join(root, file), "--help"], { encoding: "utf8" });
    return `## ${name}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`;
  });
  return `# Command line

\`npx\` runs both. Every command says what it can do with \`--help\`.

${sections.join("\n")}`;
}
