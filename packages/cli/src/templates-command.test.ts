import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { socketPath } from "../../ffi-bridge/src/testing/raw-socket.js";
import { runCommand } from "./run-command.js";

const folder = fileURLToPath(new URL("../../ffi-bridge/src/testing/templates", import.meta.url));
const validate = (...args: readonly string[]) => runCommand(["templates", "validate", ...args]);

async function fileOf(text: string): Promise<string> {
  const file = await socketPath("file");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe("templates validate", () => {
  it("lists its exit codes in its help", async () => {
    const { output } = await runCommand(["templates", "--help"]);
    expect(output).toContain(
      "Exits 1 with errors, 2 if a glob matches no file or the list of handlers cannot be read.",
    );
  });

  it("exits 0 where there is no error", async () => {
    const { exitCode, output } = await validate(join(folder, "charge.yaml"));
    expect([exitCode, output]).toEqual([0, "1 file, 1 template: 0 errors, 0 warnings."]);
  });

  it("exits 1 with every error by file, line and column", async () => {
    const { exitCode, output } = await validate(`${folder}/*.yaml`);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/refund\.yaml:\d+:\d+ error /);
  });

  it("prints the whole report as JSON on request", async () => {
    const { exitCode, output } = await validate(`${folder}/*.yaml`, "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      valid: false,
      file_count: 2,
      findings: expect.arrayContaining([
        expect.objectContaining({ severity: "error", line: expect.any(Number) }),
      ]),
    });
  });

  it.each([
    '["Payments::ChargeCard"]',
    '{"Payments::ChargeCard": true}',
    "# ours\nPayments::ChargeCard\n",
  ])("knows the handlers that a file lists: %j", async (text) => {
    const list = await fileOf(text);
    expect(await validate(join(folder, "charge.yaml"), "--handlers", list)).toMatchObject({
      exitCode: 0,
    });
    writeFileSync(list, "Payments::Other");
    expect((await validate(join(folder, "charge.yaml"), "--handlers", list)).output).toContain(
      "Payments::ChargeCard",
    );
  });

  it("accepts the namespaces it was given", async () => {
    const charge = join(folder, "charge.yaml");
    expect(
      await validate(charge, "--namespace", "orders", "--namespace", "payments"),
    ).toMatchObject({ exitCode: 0 });
    expect(await validate(charge, "--namespace", "orders")).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining(" error unsupported_namespace namespace_name: "),
    });
  });

  it.each(["", "Bad Name", "a".repeat(30)])(
    "exits 64 for --namespace %j, which no template could have",
    async (namespace) => {
      const { exitCode, error } = await validate(
        join(folder, "charge.yaml"),
        "--namespace",
        namespace,
        "--namespace",
        "payments",
      );
      expect([exitCode, error]).toEqual([
        64,
        expect.stringMatching(
          new RegExp(`^--namespace takes a namespace, which "${namespace}" cannot be. At most 29`),
        ),
      ]);
    },
  );

  it("exits 1 for a pipe and a folder that are named like a template, and says what they are", async () => {
    const tasks = dirname(await fileOf(""));
    execFileSync("mkfifo", [join(tasks, "pipe.yaml")]);
    mkdirSync(join(tasks, "folder.yaml"));
    const { exitCode, output } = await validate(`${tasks}/*.yaml`);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/folder\.yaml:1:1 error unreadable_file It is a folder\./);
    expect(output).toMatch(/pipe\.yaml:1:1 error unreadable_file It is a pipe, socket or device\./);
  });

  it("exits 2 and names every glob without a file, besides the findings of the others", async () => {
    const { exitCode, output, error } = await validate(
      join(folder, "charge.yaml"),
      "/nonexistent/*.yaml",
      "/nonexistent/a.yml",
    );
    expect([exitCode, output, error]).toEqual([
      2,
      "1 file, 1 template: 0 errors, 0 warnings.",
      "No file matches /nonexistent/*.yaml, /nonexistent/a.yml.",
    ]);
  });

  it.each(["", "# later\n", "---\n"])(
    "exits 1 for a file without a template, and names it: %j",
    async (text) => {
      const file = await fileOf(text);
      const { exitCode, output } = await validate(file);
      expect([exitCode, output]).toEqual([
        1,
        expect.stringMatching(
          /file:1:1 error empty_file The file contains no template.*\n1 file, 0 templates: 1 error, 0 warnings\.$/,
        ),
      ]);
    },
  );

  it("exits 2 for a folder, and says how its files are named", async () => {
    expect(await validate(folder)).toEqual({
      exitCode: 2,
      output: "",
      error: `No file matches ${folder}. Name the files in a folder by a pattern: '${folder}/**/*.{yml,yaml}'`,
    });
  });

  it("exits 64 if patterns only exclude files", async () => {
    expect(await validate("!*.yaml")).toEqual({
      exitCode: 64,
      output: "",
      error: expect.stringContaining("add a pattern for the files to validate"),
    });
  });

  it.each([
    ["is a folder", () => Promise.resolve(folder), "It is a folder"],
    ["is a device", () => Promise.resolve("/dev/zero"), "It is a device or socket"],
    ["is not there", () => Promise.resolve("/nonexistent"), "ENOENT"],
    ["is no JSON, though it begins so", () => fileOf("{ h"), "must be valid JSON"],
    ["is empty", () => fileOf(""), "that names none"],
    ["is null", () => fileOf("null\n"), "array of names or an object"],
    ["lists what are no names", () => fileOf("[1]"), "only names"],
  ])(
    "says of a list of handlers that %s which option and file that is, and what was expected",
    async (_what, makeList, why) => {
      const list = await makeList();
      const { exitCode, error } = await validate(join(folder, "charge.yaml"), "--handlers", list);
      expect(exitCode).toBe(2);
      expect(error).toContain(`--handlers ${list}: `);
      expect(error).toContain(why);
      expect(error).toContain("one name per line");
    },
  );

  it.each([
    [
      "valdate",
      "Unknown command templates valdate. Did you mean templates validate? See tasker-observability --help.",
    ],
    [
      "config/tasks/a.yaml",
      "Unknown command templates config/tasks/a.yaml. templates takes list or validate. See tasker-observability --help.",
    ],
  ])("names the word that it does not know: %s", async (word, error) => {
    expect(await runCommand(["templates", word, "x.yaml"])).toEqual({
      exitCode: 64,
      output: "",
      error,
    });
  });

  it.each([
    [[], 64],
    [["/nonexistent/*.yaml"], 2],
    [["x.yaml", "--handlers", "/nonexistent"], 2],
    [["x.yaml", "--unknown"], 64],
  ])("for %j, with nothing that could be validated, exits %i", async (args, exitCode) => {
    expect(await validate(...args)).toMatchObject({
      exitCode,
      output: "",
      error: expect.stringMatching(/\S/),
    });
  });
});
