import { describe, expect, it } from "vitest";
import { createRedactor, MASK, secretsIn } from "./index.js";

const { redact, text } = createRedactor();

describe("a password that reads like a name", () => {
  it.each(["postgres", "development", "elephants_eu", "acme-ledger"])(
    "is masked in its place, and %s stays if it is a name",
    (name) => {
      const open = {
        environment: name,
        namespaces: [name],
        worker_type: name,
        worker_id: `${name}-worker-1`,
        database: { name, user: name, host: `${name}.internal` },
      };
      expect(
        redact({ ...open, password: name, url: `postgres://${name}:${name}@db/${name}` }),
      ).toEqual({
        value: { ...open, password: MASK, url: `postgres://${MASK}@db/${name}` },
        redacted_fields: ["password", "url"],
      });
    },
  );

  it.each([
    ["postgres://acme_ledger:acme_ledger@h/x", `postgres://${MASK}@h/x`],
    ["postgres://u:acme_ledger@acme_ledger:5432/x", `postgres://${MASK}@acme_ledger:5432/x`],
    ["postgres://u:acme_ledger@h/acme_ledger?a=b", `postgres://${MASK}@h/acme_ledger?a=b`],
    ["rabbitmqs://u:rabbitmqs@h/x", `rabbitmqs://${MASK}@h/x`],
    [
      "user=acme_ledger password=acme_ledger dbname=acme_ledger",
      `user=acme_ledger password=${MASK} dbname=acme_ledger`,
    ],
    [
      `{"username": "acme_ledger", "password": "acme_ledger"} failed`,
      `{"username": "acme_ledger", "password": "${MASK}"} failed`,
    ],
  ])("leaves the same name open in %s", (message, masked) => {
    expect(text(message)).toBe(masked);
    expect(text(`${message}, tried acme_ledger`)).toBe(`${masked}, tried acme_ledger`);
  });

  it("is searched for elsewhere if it is not a name, and so is every secret that looks like one", () => {
    expect(text("password=acme_ledger and tried acme_ledger")).toBe(
      `password=${MASK} and tried ${MASK}`,
    );
    const secret = "zq7f3a91c05be2d8417a";
    expect(redact({ user: secret, password: secret, name: `it is ${secret}` }).value).toEqual({
      user: MASK,
      password: MASK,
      name: `it is ${MASK}`,
    });
    expect(text(`postgres://${secret}:${secret}@h/${secret}`)).toBe(`postgres://${MASK}@h/${MASK}`);
  });

  it("comes to an end in a text full of it", () => {
    const words = "acme_ledger ".repeat(20_000);
    expect(text(`password=acme_ledger ${words}`)).not.toContain("password=acme");
    expect(secretsIn("postgres://acme_ledger:acme_ledger@h")).toEqual(["acme_ledger:acme_ledger"]);
  });
});
