import { describe, expect, it } from "vitest";
import { createRedactor, MASK } from "./index.js";

const { redact } = createRedactor();
const told =
  "Unknown handler: the URL postgres://svc:hunter2hunter2@db/orders, or https://h/?access_token=abc, names none.";
const masked = `Unknown handler: the URL postgres://${MASK}@db/orders, or https://h/?access_token=${MASK} names none.`;
const valueOf = (given: unknown): unknown => redact(given).value;

describe("text for people", () => {
  it.each<[string, (text: string) => unknown]>([
    ["a description", (description) => ({ description, steps: [{ description }] })],
    ["the issues", (issue) => ({ validation: { issues: ["It has no steps.", issue] } })],
    [
      "what a finding says",
      (text) => ({ findings: [{ path: "steps[0]", message: text, hint: text }] }),
    ],
  ])("under %s loses the credentials, and keeps its words", (_name, place) => {
    expect(valueOf(place(told))).toEqual(place(masked));
  });

  it("keeps what only reads like a secret", () => {
    const given = { description: "The token: required, as in Authorization" };
    expect(redact(given)).toEqual({ value: given, redacted_fields: [] });
  });

  it("is given up whole elsewhere: nobody knows where the secret ends", () => {
    for (const place of [
      { message: told },
      { hint: told },
      { findings: { message: told } },
      { issues: { a: told } },
      { notes: [told] },
    ]) {
      expect(JSON.stringify(valueOf(place))).not.toContain("names none");
    }
  });

  it("is no shelter for data, nor below a sensitive key", () => {
    expect(valueOf({ description: { password: "a b" }, issues: [{ password: "a b" }] })).toEqual({
      description: { password: MASK },
      issues: [{ password: MASK }],
    });
    expect(valueOf({ secrets: { description: told, issues: [told] } })).toEqual({
      secrets: { description: MASK, issues: [MASK] },
    });
    expect(valueOf({ description: '{"password":["a b"]}' })).toEqual({
      description: `{"password":["${MASK}"]}`,
    });
  });

  it("gives away a secret that stands elsewhere, and is told of one", () => {
    const given = {
      note: "it is hunter2hunter2",
      password: "s3cr3t-s3cr3t",
      description: `${told} As s3cr3t-s3cr3t does.`,
    };
    expect(valueOf(given)).toEqual({
      note: `it is ${MASK}`,
      password: MASK,
      description: `${masked} As ${MASK} does.`,
    });
  });
});
