import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { socketPath } from "../../ffi-bridge/src/testing/raw-socket.js";
import { runCommand } from "./run-command.js";

async function configure(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) {
  const root = dirname(await socketPath());
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  for (const [name, value] of Object.entries({ TASKER_CONFIG_ROOT: root, TASKER_ENV: "", ...env }))
    vi.stubEnv(name, value);
}

const base = {
  "base/common.toml": '[common.database]\nurl = "${DATABASE_URL:-}"\n',
  "base/worker.toml":
    '[worker]\nworker_id = "w\\u001b-1"\nnamespaces = ["payments"]\nhomemade = 1\n',
  "environments/production/worker.toml": "[worker.web]\nenabled = false\n",
};

describe("config", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("shows the merged configuration, secrets masked, each value with where it comes from", async () => {
    await configure(
      { ...base, "base/worker.toml": '[worker]\nworker_id = "w-1"\nnamespaces = ["payments"]\n' },
      { DATABASE_URL: "postgres://app:hunter2hunter2@db.internal/app" },
    );
    const { exitCode, output } = await runCommand(["config", "show", "--env", "production"]);
    expect(exitCode).toBe(0);
    expect(output.split("\n")[0]).toBe("# environment: production");
    expect(output).toMatch(
      /^worker\.web\.enabled = false {2}# .*environments\/production\/worker\.toml$/m,
    );
    expect(output).toMatch(/^worker\.namespaces\[0\] = "payments" {2}# .*base\/worker\.toml$/m);
    expect(output).toMatch(
      /^common\.database\.url = "[^"]*\*\*\*REDACTED\*\*\*[^"]*" {2}# .*\$\{DATABASE_URL\}$/m,
    );
    expect(output).toMatch(/^worker\.shutdown\.drain_timeout_ms = 30000 {2}# default$/m);
    expect(output).not.toContain("hunter2");
  });

  it("checks it: every problem at once, without a value, and exit code 1", async () => {
    await configure({
      ...base,
      "base/worker.toml":
        '[worker.web]\nbind_address = "nowhere-secret"\nrequest_timeout_ms = -1\n',
    });
    const { exitCode, output } = await runCommand(["config", "check"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("worker.web.bind_address");
    expect(output).toContain("worker.web.request_timeout_ms");
    expect(output).not.toContain("nowhere-secret");
  });

  it.each(["worker.web.auht", "web.auth", "worker.web.authentication"])(
    "calls [%s] wrong, with exit code 1, as it would leave the door open",
    async (table) => {
      const auth = `[${table}]\nenabled = true\napi_keys = [{ name = "a", key = "0123456789abcdef" }]\n`;
      await configure({ ...base, "base/worker.toml": auth });
      const { exitCode, output } = await runCommand(["config", "check"]);
      expect([exitCode, output]).toEqual([1, expect.stringContaining(`${table} (`)]);
      expect(output).not.toContain("0123456789abcdef");
    },
  );

  it("reports what a worker would warn about or not start with", async () => {
    await configure(
      { ...base, "base/worker.toml": '[worker.web]\nbind_address = "0.0.0.0:8081"\n' },
      { DATABASE_URL: "" },
    );
    const { exitCode, output } = await runCommand(["config", "check"]);
    expect(exitCode).toBe(0);
    expect(output).toContain("worker.web.bind_address opens HTTP to other machines");
    const production = await runCommand(["config", "check", "--env", "production"]);
    expect(production.output).toContain("common.database.url is empty (DATABASE_URL)");
  });

  it("shows only problems if there are any, on standard error", async () => {
    await configure({ ...base, "base/worker.toml": "[worker.web]\nrequest_timeout_ms = -1\n" });
    expect(await runCommand(["config", "show"])).toEqual({
      exitCode: 1,
      output: "",
      error: expect.stringContaining("worker.web.request_timeout_ms"),
    });
  });

  it("says what is right and has no effect: what may be misspelt first, and of Tasker's own keys how many", async () => {
    await configure({
      ...base,
      "base/worker.toml":
        "[worker]\nhomemade = 1\ntemplates.cache_max_entires = 5\nstep_processing.a = 1\n[wroker]\nworker_id = 'w'\n[common.system]\na = 1\n",
    });
    const { exitCode, output } = await runCommand(["config", "check"]);
    expect([exitCode, ...output.split("\n")]).toEqual([
      0,
      "The configuration for development is valid.",
      '  - worker.templates.cache_max_entires has no effect. Did you mean "cache_max_entries"?',
      '  - wroker has no effect. Did you mean "worker"?',
      "  - worker.homemade has no effect",
      "  - 2 of Tasker's own keys and tables have no effect: docs/configuration.md says which and why, and `config show` prints those under common and worker",
    ]);
  });

  it("shows it as JSON: every value with its origin, and the paths of what is masked", async () => {
    await configure({
      ...base,
      "base/worker.toml": '[worker]\nworker_id = "w-1"\npayment.client_secret = "hunter2hunter2"\n',
    });
    const { exitCode, output } = await runCommand([
      "config",
      "show",
      "--json",
      "--env",
      "production",
    ]);
    const report = JSON.parse(output) as { values: { path: string }[] };
    const valueAt = (path: string) => report.values.find((value) => value.path === path);
    expect(exitCode).toBe(0);
    expect(report).toEqual({
      environment: "production",
      values: expect.any(Array),
      redacted_fields: ["worker.payment.client_secret"],
    });
    expect(valueAt("worker.web.enabled")).toEqual({
      path: "worker.web.enabled",
      value: false,
      origin: { source: "file", file: "environments/production/worker.toml", variables: [] },
    });
    expect(valueAt("worker.payment.client_secret")).toEqual({
      path: "worker.payment.client_secret",
      value: "***REDACTED***",
      origin: { source: "file", file: "base/worker.toml", variables: [] },
    });
    expect(output).not.toContain("hunter2");
  });

  it("checks it as JSON, of one shape whether it is right or not, with the same exit codes", async () => {
    await configure({
      ...base,
      "base/worker.toml":
        "[worker]\nhomemade = 1\ntemplates.cache_max_entires = 5\nstep_processing.a = 1\n",
    });
    const right = await runCommand(["config", "check", "--json"]);
    expect([right.exitCode, JSON.parse(right.output)]).toEqual([
      0,
      {
        valid: true,
        environment: "development",
        problems: [],
        notices: [],
        unknown_keys: [
          { path: "worker.homemade", hint: null },
          { path: "worker.templates.cache_max_entires", hint: 'Did you mean "cache_max_entries"?' },
        ],
        unused_keys: [
          "worker.homemade",
          "worker.step_processing",
          "worker.templates.cache_max_entires",
        ],
      },
    ]);
    await configure({
      ...base,
      "base/worker.toml": '[worker.web]\nrequest_timeout_ms = "${WAIT:-hunter2}"\n',
    });
    const wrong = await runCommand(["config", "check", "--json"]);
    const problem = {
      path: "worker.web.request_timeout_ms",
      variable: "WAIT",
      file: "base/worker.toml",
      message: "must be a whole number from 1 to 2147483647 (milliseconds)",
    };
    expect([wrong.exitCode, JSON.parse(wrong.output)]).toEqual([
      1,
      {
        valid: false,
        environment: null,
        problems: [problem],
        notices: [],
        unknown_keys: [],
        unused_keys: [],
      },
    ]);
    expect(await runCommand(["config", "show", "--json"])).toEqual({
      exitCode: 1,
      output: "",
      error: expect.stringContaining("worker.web.request_timeout_ms"),
    });
  });

  it("lets no key move the cursor in JSON either, and keeps it for a program", async () => {
    await configure({ ...base, "base/worker.toml": '[worker]\n"a\\u001b[2J\\u009b\\u202e" = 1\n' });
    const { output } = await runCommand(["config", "check", "--json"]);
    expect(output).not.toMatch(/[\u009b\u202e]/);
    expect(JSON.parse(output)).toMatchObject({
      unused_keys: ['worker["a\\u001b[2J\u009b\u202e"]'],
    });
  });

  it("lets no key of a file move the cursor, whether the file is valid or not", async () => {
    await configure({ ...base, "base/worker.toml": '[worker]\n"a\\u001b[2J\\u202e" = 1\n' });
    expect((await runCommand(["config", "check"])).output).toContain(
      'worker["a\\u001b[2J\\u{202e}"] has no effect',
    );
    await configure({ ...base, "base/worker.toml": '[worker."a\\u009b\\u202e"]\n__proto__ = 1\n' });
    const { exitCode, output } = await runCommand(["config", "check"]);
    expect([exitCode, output]).toEqual([
      1,
      expect.stringContaining('worker["a\\u{9b}\\u{202e}"].__proto__'),
    ]);
  });

  it.each([
    [["config"]],
    [["config", "edit"]],
    [["config", "show", "more"]],
    [["config", "show", "--what"]],
    [["config", "show", "--env", ""]],
    [["config", "check", "--env", "a", "--env=b"]],
    [["config", "show", "--json", "--json"]],
  ])("%j is refused with exit code 64", async (args) => {
    expect(await runCommand(args)).toMatchObject({
      exitCode: 64,
      error: expect.stringMatching(/\S/),
    });
  });
});
