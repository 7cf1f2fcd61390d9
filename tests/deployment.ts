import { readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SpawnedProcess, spawnNode } from "@tasker-observability/testkit";
import { onTestFinished } from "vitest";

export const examples = fileURLToPath(new URL("../examples/deployment", import.meta.url));
/** The text of one of the example's files. */
export const example = (name: string): string => readFileSync(join(examples, name), "utf8");
const bin = (path: string): string =>
  fileURLToPath(new URL(`../packages/${path}`, import.meta.url));
/** The commands, by their names in node_modules/.bin. */
export const programs: Readonly<Record<string, string>> = {
  "tasker-worker": bin("worker/bin/tasker-worker.js"),
  "tasker-observability": bin("cli/bin/tasker-observability.cjs"),
};

/** The arguments for Node of a command that an example names by its link in node_modules. */
export function toNode([link = "", ...args]: readonly string[]): string[] {
  return [programs[link.slice(link.lastIndexOf("/") + 1)]!, ...args];
}

/** The settings of a unit's [Service]; comments left out. */
export function readUnit(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z]\w+)=(.*)$/gm)].map(
      ([, key = "", value = ""]) => [key, value] as const,
    ),
  );
}

/** The example's folder in another place, with another place for /run/orders. */
export async function deploy(): Promise<{
  readonly folder: string;
  readonly placed: (args: readonly string[]) => string[];
}> {
  const folder = await mkdtemp(join(tmpdir(), "orders-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(examples, folder, { recursive: true });
  const toml = join(folder, "worker.toml");
  const place = (text: string): string => text.replaceAll("/run/orders", folder);
  await writeFile(toml, place(await readFile(toml, "utf8")));
  return { folder, placed: (args) => args.map(place) };
}

/** Starts a unit's command in a folder, its environment as the unit has it. */
export function startUnit(
  unit: Readonly<Record<string, string>>,
  folder: string,
  env: NodeJS.ProcessEnv,
): SpawnedProcess {
  const settings = Object.fromEntries(
    (unit.Environment ?? "").split(" ").map((setting) => setting.split("=")),
  );
  return spawnNode(toNode(unit.ExecStart!.split(" ")), {
    cwd: folder,
    env: { ...process.env, ...settings, ...env },
  });
}
