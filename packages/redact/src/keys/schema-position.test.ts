import { describe, expect, it } from "vitest";
import { createRedactor, MASK } from "../index.js";

const { redact } = createRedactor();

/** A schema in which every name that could be mistaken for a key is a field's. */
const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["token", "api_key"],
  properties: {
    token: {
      type: "string",
      minLength: 20,
      pattern: "^[^:]+:[^@]+@.+$",
      description: "The token: required, as in Authorization",
    },
    api_key: { type: "string", format: "password" },
    credentials: {
      type: "object",
      properties: { user: { type: "string" }, pin: { type: "integer", minimum: 1000 } },
    },
    tokens: { type: "array", items: { $ref: "#/$defs/secret" }, maxItems: 5 },
  },
  $defs: { secret: { oneOf: [{ type: "string", title: "password" }, { type: "null" }] } },
  dependentRequired: { password: ["token"] },
};

describe("JSON Schemas", () => {
  it.each(["input_schema", "config_schema", "result_schema", "outputSchema", "retry_token_schema"])(
    "come out whole under %s",
    (key) => {
      expect(redact({ [key]: schema })).toEqual({ value: { [key]: schema }, redacted_fields: [] });
    },
  );

  it("come out whole under the schema of an event", () => {
    const template = { steps: [{ publishes_events: [{ name: "a.b", schema }] }] };
    expect(redact(template)).toEqual({ value: template, redacted_fields: [] });
  });

  it("do not count anywhere else", () => {
    expect(redact({ schema: { properties: { token: "x" } } }).redacted_fields).toEqual([
      "schema.properties.token",
    ]);
  });

  it.each(["default", "const", "examples", "enum"])(
    "have their values of %s classified by the field's name and by the value",
    (keyword) => {
      const given = {
        input_schema: {
          properties: {
            token: { [keyword]: ["abc"] },
            plain: { [keyword]: ["abc", "redis://:p@h"] },
          },
        },
      };
      expect(redact(given).value).toEqual({
        input_schema: {
          properties: {
            token: { [keyword]: [MASK] },
            plain: { [keyword]: ["abc", `redis://${MASK}@h`] },
          },
        },
      });
    },
  );

  it("have a nested field classified by the names above it", () => {
    const given = {
      input_schema: { properties: { credentials: { properties: { user: { default: "bob" } } } } },
    };
    expect(redact(given).redacted_fields).toEqual([
      "input_schema.properties.credentials.properties.user.default",
    ]);
  });

  it("do not hide values that are no schema", () => {
    const given = { input_schema: { password: "x", properties: { token: "y", name: "z" } } };
    expect(redact(given).redacted_fields).toEqual([
      "input_schema.password",
      "input_schema.properties.token",
    ]);
  });

  it.each([
    "title",
    "description",
    "required",
    "type",
    "format",
    "dependentRequired",
    "dependencies",
  ])("do not hide a table where %s has a text or names", (keyword) => {
    for (const value of [{ password: "x" }, [{ password: ["x"] }], { a: [{ password: 1 }] }]) {
      expect(JSON.stringify(redact({ input_schema: { [keyword]: value } }).value)).toBe(
        JSON.stringify({ input_schema: { [keyword]: value } }).replace(/"x"|1/, `"${MASK}"`),
      );
    }
  });

  it("keep what depends on a field, by name and by schema", () => {
    const given = {
      input_schema: {
        dependencies: {
          password: ["token"],
          token: { required: ["password"], properties: { a: { default: "x" } } },
        },
      },
    };
    expect(redact(given)).toEqual({ value: given, redacted_fields: [] });
  });

  it("do not hide an unmistakable secret in their texts", () => {
    const token = `ghp_${"a1B2c3D4e5".repeat(4)}`;
    const given = {
      input_schema: { description: `like ${token} or postgres://u:p@h/db`, pattern: token },
    };
    expect(redact(given).value).toEqual({
      input_schema: { description: `like ${MASK} or postgres://${MASK}@h/db`, pattern: MASK },
    });
  });

  it("below a sensitive key are no schemas", () => {
    expect(redact({ secrets: { input_schema: { type: "object" } } }).redacted_fields).toEqual([
      "secrets.input_schema.type",
    ]);
  });

  describe("teach nothing that is masked elsewhere", () => {
    it("by the keywords of a sensitive field", () => {
      const given = {
        steps: [
          { result_schema: { properties: { token: { type: "string", format: "date-time" } } } },
        ],
        description: "A date-time as a string, date-time again",
      };
      expect(redact(given)).toEqual({ value: given, redacted_fields: [] });
    });

    it.each(["default", "const", "example", "enum", "x-widget"])(
      "by an ordinary word as the %s of a sensitive field, which is masked in its place",
      (keyword) => {
        const given = {
          result_schema: { properties: { api_key: { [keyword]: ["live-updates"] } } },
          note: "live-updates",
        };
        expect(redact(given).value).toEqual({
          result_schema: { properties: { api_key: { [keyword]: [MASK] } } },
          note: "live-updates",
        });
      },
    );

    it("by a word that is also a keyword, even if a setting has it as a secret", () => {
      const given = {
        initialization: { token: "date-time" },
        input_schema: { properties: { created_at: { format: "date-time" } } },
      };
      expect(redact(given).redacted_fields).toEqual(["initialization.token"]);
    });

    it("but what reads as a secret is known for one", () => {
      const given = {
        result_schema: { properties: { api_key: { default: "zq81opaque77" } } },
        note: "Try zq81opaque77",
      };
      expect(redact(given).value).toMatchObject({ note: `Try ${MASK}` });
    });
  });

  it("leave every secret outside of them masked", () => {
    const given = {
      initialization: { api_key: "k-93hf83", result_schema: { password: "x" } },
      db_schema: "public",
      audit_schema: "redis://:p@h",
    };
    expect(redact(given).redacted_fields).toEqual([
      "audit_schema",
      "initialization.api_key",
      "initialization.result_schema.password",
    ]);
  });
});
