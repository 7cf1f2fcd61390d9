import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../load-config.js";
import { configErrorOf, configFolder, problemsOf } from "../testing/config-folder.js";

const env = {};

describe("reading the files of a configuration", () => {
  it("names the places it looked when there is no file", () => {
    const root = configFolder({});
    expect(
      problemsOf(() => loadConfig({ env: { TASKER_CONFIG_ROOT: "here" }, cwd: root })),
    ).toEqual([
      {
        path: null,
        variable: null,
        file: "here",
        message: expect.stringMatching(
          /base\/common\.toml.*TASKER_CONFIG_ROOT.*here.*TASKER_CONFIG_PATH/,
        ),
      },
    ]);
    expect(
      configErrorOf(() => loadConfig({ env: { TASKER_CONFIG_PATH: "x.toml" }, cwd: root })).message,
    ).toContain("x.toml: cannot be read (ENOENT)");
  });

  it("uses the defaults, and says so, if there is no folder and none was named", () => {
    const cwd = realpathSync(tmpdir());
    const variables = { DATABASE_URL: "postgres://127.0.0.1/orders" };
    const { settings, notices } = loadConfig({ env: variables, cwd });
    expect(settings.common.database.url.reveal()).toBe(variables.DATABASE_URL);
    expect(notices).toEqual([
      "config/tasker does not exist: the defaults apply, with the database of DATABASE_URL",
    ]);
    expect(loadConfig({ env: {}, cwd }).settings.common.database.url.empty).toBe(true);
  });

  it("requires an existing folder", () => {
    const cwd = configFolder({});
    mkdirSync(join(cwd, "config/tasker"), { recursive: true });
    expect(problemsOf(() => loadConfig({ env: {}, cwd }))).toHaveLength(1);
  });

  it.each(["TASKER_CONFIG_PATH", "TASKER_CONFIG_ROOT"])(
    "shows no password of a URL that %s was given for a path",
    (name) => {
      const { message } = configErrorOf(() =>
        loadConfig({ env: { [name]: "https://u:hunter2secret@h/x.toml" }, cwd: configFolder({}) }),
      );
      expect(message).toContain("https://***REDACTED***@h/x.toml");
      expect(message).not.toContain("hunter2secret");
    },
  );

  it("reads at most a mebibyte of a file, and no device, which may never end", () => {
    const root = configFolder({
      "base/common.toml": `# ${"x".repeat(1_048_576)}`,
      "base/worker.toml": "",
      "environments/test/common.toml": "",
    });
    rmSync(join(root, "environments/test/common.toml"));
    execFileSync("mkfifo", [
      join(root, "environments/test/common.toml"),
      join(root, "environments/test/worker.toml"),
    ]);
    const messages = problemsOf(() => loadConfig({ env: { TASKER_ENV: "test" }, root })).map(
      ({ file, message }) => `${file} ${message}`,
    );
    expect(messages).toEqual([
      "base/common.toml is larger than 1048576 bytes",
      "environments/test/common.toml is a pipe with no writer",
      "environments/test/worker.toml is a pipe with no writer",
    ]);
    expect(
      problemsOf(() => loadConfig({ env: { TASKER_CONFIG_PATH: "/dev/zero" } })),
    ).toMatchObject([{ file: "/dev/zero", message: "is a device or socket instead of a file" }]);
  });

  it("skips no file that is there and cannot be read: it may be what switches auth on", () => {
    const root = configFolder({
      "base/worker.toml": "",
      "environments/file": "",
      "environments/linked/common.toml": "",
    });
    const environments = join(root, "environments");
    symlinkSync("nowhere", join(root, "base/common.toml"));
    symlinkSync("nowhere", join(environments, "linked/worker.toml"));
    symlinkSync("nowhere", join(environments, "dangling"));
    symlinkSync("loop", join(environments, "loop"));
    const problems = (environment: string) =>
      problemsOf(() => loadConfig({ env, environment, root })).map(
        ({ file, message }) => `${file} ${message}`,
      );
    const ofOverlay = (environment: string, code: string) =>
      ["common", "worker"].map(
        (name) => `environments/${environment}/${name}.toml cannot be read (${code})`,
      );
    expect(problems("absent")).toEqual(["base/common.toml cannot be read (ENOENT)"]);
    rmSync(join(root, "base/common.toml"));
    expect(problems("linked")).toEqual(["environments/linked/worker.toml cannot be read (ENOENT)"]);
    expect(problems("dangling")).toEqual(ofOverlay("dangling", "ENOENT"));
    expect(problems("file")).toEqual(ofOverlay("file", "ENOTDIR"));
    expect(problems("loop")).toEqual(ofOverlay("loop", "ELOOP"));
  });

  it("reads a pipe without breaking Node's resolution of linked packages", () => {
    const root = configFolder({ "store/before/index.js": "", "store/after/index.js": "" });
    for (const folder of ["base", "node_modules"]) mkdirSync(join(root, folder));
    for (const name of ["before", "after"])
      symlinkSync(join(root, "store", name), join(root, "node_modules", name));
    const { resolve } = createRequire(join(root, "application.js"));
    expect(resolve("before")).toBe(join(realpathSync(root), "store/before/index.js"));
    execFileSync("mkfifo", [join(root, "base/worker.toml")]);
    expect(problemsOf(() => loadConfig({ env: {}, root }))).toMatchObject([
      { file: "base/worker.toml", message: "is a pipe with no writer" },
    ]);
    expect(resolve("after")).toBe(join(realpathSync(root), "store/after/index.js"));
  });

  it("rejects a file that is not UTF-8", () => {
    const root = configFolder({ "base/common.toml": Uint8Array.of(0x61, 0xff) });
    expect(problemsOf(() => loadConfig({ env, root }))).toEqual([
      { path: null, variable: null, file: "base/common.toml", message: "is not UTF-8 text" },
    ]);
  });
});
