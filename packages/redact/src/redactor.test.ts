import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createRedactor, MASK, RedactionError } from "./index.js";

const { redact, text } = createRedactor();

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("redact", () => {
  it("masks every string and number below a sensitive key, and keeps the structure", () => {
    const given = {
      apiKeys: ["a", "b"],
      credentials: { user: "u", pin: 1234 },
      tokens: { a: { b: "x" } },
    };
    expect(redact(given)).toEqual({
      value: {
        apiKeys: [MASK, MASK],
        credentials: { user: MASK, pin: MASK },
        tokens: { a: { b: MASK } },
      },
      redacted_fields: [
        "apiKeys[0]",
        "apiKeys[1]",
        "credentials.pin",
        "credentials.user",
        "tokens.a.b",
      ],
    });
  });

  it("keeps booleans and null below a sensitive key: they say whether, not what", () => {
    expect(redact({ password: true, secret: null }).value).toEqual({
      password: true,
      secret: null,
    });
  });

  it("leaves an empty text empty, and does not list it", () => {
    expect(redact({ password: "", api_keys: [""] })).toEqual({
      value: { password: "", api_keys: [""] },
      redacted_fields: [],
    });
  });

  it("lists full paths with indices and root, sorted, each once", () => {
    const given = { list: [{ password: "x" }, { password: "y" }], "a.b": { token: "z" } };
    expect(redact(given, { root: "worker" }).redacted_fields).toEqual([
      "worker.list[0].password",
      "worker.list[1].password",
      'worker["a.b"].token',
    ]);
  });

  it("keeps a URL's host and path", () => {
    const given = { url: "postgres://u:p@h1,h2/db?password=z&sslpassword=q" };
    expect(redact(given).value).toEqual({
      url: `postgres://${MASK}@h1,h2/db?password=${MASK}&sslpassword=${MASK}`,
    });
  });

  it.each([
    "host=h password='a b'",
    "u:p@h",
    "Bearer x",
    "Basic eDp5",
    "see postgres://u:p@h/db",
    "-----BEGIN X-----\nabc\n-----END X-----",
  ])("gives up a whole value that contains a secret: %s", (value) => {
    expect(redact({ innocent: value }).value).toEqual({ innocent: MASK });
  });

  it("redacts inside of JSON texts, however often they are wrapped", () => {
    const json = JSON.stringify({ a: 1, inner: JSON.stringify({ password: "hunter2", b: [2] }) });
    const { value, redacted_fields } = redact({ json });
    const outer = JSON.parse((value as { json: string }).json) as { inner: string };
    expect(JSON.parse(outer.inner)).toEqual({ password: MASK, b: [2] });
    expect(redacted_fields).toEqual(["json"]);
  });

  it("does not touch a JSON text without secrets", () => {
    const json = '{ "a" : [1.0, "x"] }';
    expect(redact({ json })).toEqual({ value: { json }, redacted_fields: [] });
  });

  it("recognizes a secret under an innocent name, whichever comes first", () => {
    const given = {
      before: "hunter2hunter2",
      password: "hunter2hunter2",
      note: "it is hunter2hunter2!",
      number: 1_234_567_890,
      pin_code: 1_234_567_890,
    };
    expect(redact(given).value).toEqual({
      before: MASK,
      password: MASK,
      note: `it is ${MASK}!`,
      number: MASK,
      pin_code: MASK,
    });
  });

  it("recognizes the password of a URL elsewhere, as written and decoded", () => {
    expect(
      redact({ url: "postgres://u:p%40ssw0rd1@h", a: "p@ssw0rd1", b: "p%40ssw0rd1" }).value,
    ).toMatchObject({ a: MASK, b: MASK });
  });

  it("does not black out a configuration for a short password", () => {
    expect(redact({ url: "postgres://tasker:tasker@h/tasker", name: "tasker" }).value).toEqual({
      url: `postgres://${MASK}@h/tasker`,
      name: "tasker",
    });
  });

  it("masks keys that are secrets, and keeps the values under them", () => {
    const { value, redacted_fields } = redact({
      sk_live_abcdefgh1234: true,
      sk_live_zyxwvuts9876: 2,
      password: "hunter2hunter2",
      hunter2hunter2: 3,
    });
    expect(value).toEqual({ [MASK]: true, [`${MASK}#2`]: 2, password: MASK, [`${MASK}#3`]: 3 });
    expect(redacted_fields).toEqual([
      '["***REDACTED***"]',
      '["***REDACTED***#2"]',
      '["***REDACTED***#3"]',
      "password",
    ]);
  });

  it("passes a field that a schema declares safe, but masks what looks like a secret in it", () => {
    const given = {
      api_keys: [
        { name: "grafana", key: "k" },
        { name: "Bearer abc1", key: "k" },
      ],
    };
    const { value } = redact(given, { safe: (path) => path.endsWith(".name") });
    expect(value).toEqual({
      api_keys: [
        { name: "grafana", key: MASK },
        { name: MASK, key: MASK },
      ],
    });
  });

  it("gives a frozen copy and leaves the original as it was", () => {
    const given = Object.freeze({ list: Object.freeze([Object.freeze({ password: "x" })]) });
    const { value, redacted_fields } = redact(given);
    expect(given.list[0]?.password).toBe("x");
    expect(
      [value, (value as typeof given).list, (value as typeof given).list[0], redacted_fields].every(
        Object.isFrozen,
      ),
    ).toBe(true);
  });

  it("changes nothing more the second time", () => {
    const once = redact({ url: "postgres://u:p@h/db", password: "x", json: '{"token":"y"}' });
    expect(redact(once.value)).toEqual({ value: once.value, redacted_fields: [] });
  });

  it("throws an error without any of the data if it fails", () => {
    const failing = (): unknown =>
      redact(
        { password: "hunter2" },
        {
          safe: () => {
            throw new Error("hunter2");
          },
        },
      );
    const error = catchError(failing);
    expect(error).toBeInstanceOf(RedactionError);
    expect(inspect(error, { showHidden: true, depth: null })).not.toContain("hunter2");
  });
});

describe("text", () => {
  it("cuts secrets out of a message and leaves the rest", () => {
    expect(
      text("connect postgres://u:p@db.internal/x: password authentication failed, token: abc"),
    ).toBe(
      `connect postgres://${MASK}@db.internal/x: password authentication failed, token: ${MASK}`,
    );
  });

  it("masks a second occurrence of the same secret", () => {
    expect(text("password=hunter2hunter2 and again hunter2hunter2")).toBe(
      `password=${MASK} and again ${MASK}`,
    );
  });

  it("knows the secrets it was made with, and the passwords in their URLs", () => {
    const redactor = createRedactor({ secrets: ["postgres://u:hunter2hunter2@h/db", "k-1234567"] });
    expect(redactor.text("tried hunter2hunter2 with k-1234567")).toBe(`tried ${MASK} with ${MASK}`);
  });
});
