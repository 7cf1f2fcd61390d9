import { describe, expect, it } from "vitest";
import { resolveConfig } from "../load-config.js";
import { problemsOf } from "../testing/config-folder.js";

const secret = "k-0123456789abcdef";

function resolve(key: object, auth: object = { enabled: true }) {
  const api_keys = [{ key: secret, ...key }];
  return resolveConfig({ worker: { web: { auth: { ...auth, api_keys } } } }, { env: {} });
}
const keysOf = (...given: Parameters<typeof resolve>) =>
  resolve(...given).settings.worker.web.auth.api_keys.map(({ name, rights }) => ({ name, rights }));
const pathsOf = (...given: Parameters<typeof resolve>) =>
  problemsOf(() => resolve(...given)).map(({ path }) =>
    path?.replace("worker.web.auth.api_keys[0].", ""),
  );

const description = "Grafana";
const reading = ["worker:config_read", "worker:templates_read"];

describe("a key in Tasker's form", () => {
  it("is named by its description, unless it has a name", () => {
    expect(keysOf({ description, permissions: reading })).toEqual([
      { name: "Grafana", rights: ["read"] },
    ]);
    expect(keysOf({ description, name: "mine", permissions: reading })).toMatchObject([
      { name: "mine" },
    ]);
  });

  it.each([
    [reading, ["read"]],
    [["worker:*"], ["read", "write"]],
    [
      ["worker:*", "worker:config_read"],
      ["read", "write"],
    ],
  ])("has the rights that its permissions are: %j", (permissions, rights) => {
    expect(keysOf({ description, permissions })).toEqual([{ name: "Grafana", rights }]);
  });

  it.each([
    [["tasks:*"], ["permissions[0]"]],
    [
      [...reading, "dlq:read", "worker:write"],
      ["permissions[2]", "permissions[3]"],
    ],
    [["*"], ["permissions[0]"]],
    [["worker:config_read"], ["permissions"]],
    [[], ["permissions"]],
  ])("is refused by name if they are none: %j", (permissions, paths) => {
    expect(pathsOf({ description, permissions })).toEqual(paths);
  });

  it("never opens more than it says: the other permission is asked for", () => {
    expect(problemsOf(() => resolve({ description, permissions: [reading[0]] }))).toMatchObject([
      { message: expect.stringContaining("add worker:templates_read") },
    ]);
  });

  it("is refused if rights disagree", () => {
    expect(pathsOf({ description, permissions: reading, rights: ["write"] })).toEqual(["rights"]);
  });

  it("is refused if permissions are not a list of strings", () => {
    expect(pathsOf({ description, permissions: "worker:*" })).toContain("permissions");
    expect(pathsOf({ description, permissions: [5] })).toContain("permissions[0]");
  });

  it("may have any value while auth is off: HTTP requires no key", () => {
    expect(keysOf({ description, permissions: ["tasks:*"] }, { enabled: false })).toHaveLength(1);
  });
});

describe("the names and permissions of keys", () => {
  it.each(["Grafana", "postgres is healthy running", "Tasks-only test API key"])(
    "are shown, and learned as no secrets: %s",
    (name) => {
      const permissions = [...reading, "worker:*"];
      const config = resolve({ description: name, permissions });
      expect(config.redacted()).toMatchObject({
        redacted_fields: ["worker.web.auth.api_keys[0].key"],
        worker: { web: { auth: { api_keys: [{ name, description: name, permissions }] } } },
      });
      const line = [name, ...permissions].join();
      expect(config.redactor.text(line)).toBe(line);
    },
  );

  it("are masked if they contain the key itself", () => {
    expect(
      resolve({ description: `key ${secret}`, permissions: reading }).redacted(),
    ).toMatchObject({
      worker: { web: { auth: { api_keys: [{ description: "key ***REDACTED***" }] } } },
    });
  });
});

describe("Tasker's switch for keys", () => {
  it("is refused while auth is on, and may be true", () => {
    const key = { description, permissions: ["worker:*"] };
    expect(keysOf(key, { enabled: true, api_keys_enabled: true })).toHaveLength(1);
    expect(pathsOf(key, { enabled: true, api_keys_enabled: false })).toEqual([
      "worker.web.auth.api_keys_enabled",
    ]);
  });
});
