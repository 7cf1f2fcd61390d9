import { describe, expect, it } from "vitest";
import { createRedactor, MASK } from "./index.js";

const { redact } = createRedactor();
const text =
  "Unknown handler: the URL postgres://svc:hunter2hunter2@db/orders, or https://h/?access_token=abc, names none.";
const masked = `Unknown handler: the URL postgres://${MASK}@db/orders, or https://h/?access_token=${MASK} names none.`;
const valueOf = (given: unknown): unknown => redact(given).value;

describe("text for people", () => {
  it.each<[string, (text: string) => unknown]>([
    ["a description", (description) => ({ description, steps: [{ description }] })],
    ["the issues", (issue) => ({ validation: { issues: ["It has no steps.", issue] } })],
    [
      "what a finding says",
      (said) => ({ findings: [{ path: "steps[0]", message: said, hint: said }] }),
    ],
  ])("under %s loses the credentials, and keeps its words", (_name, place) => {
    expect(valueOf(place(text))).toEqual(place(masked));
  });

  it("keeps what only reads like a secret", () => {
    const given = { description: "The token: required, as in Authorization" };
    expect(redact(given)).toEqual({ value: given, redacted_fields: [] });
  });

  it("is masked whole elsewhere, as the end of the secret is unknown", () => {
    for (const place of [
      { message: text },
      { hint: text },
      { findings: { message: text } },
      { issues: { a: text } },
      { notes: [text] },
    ]) {
      expect(JSON.stringify(valueOf(place))).not.toContain("names none");
    }
  });

  it("exempts neither data nor anything below a sensitive key", () => {
    expect(valueOf({ description: { password: "a b" }, issues: [{ password: "a b" }] })).toEqual({
      description: { password: MASK },
      issues: [{ password: MASK }],
    });
    expect(valueOf({ secrets: { description: text, issues: [text] } })).toEqual({
      secrets: { description: MASK, issues: [MASK] },
    });
    expect(valueOf({ description: '{"password":["a b"]}' })).toEqual({
      description: `{"password":["${MASK}"]}`,
    });
  });

  it("adds to the known secrets, and has the known secrets of other fields masked", () => {
    const given = {
      note: "it is hunter2hunter2",
      password: "s3cr3t-s3cr3t",
      description: `${text} As s3cr3t-s3cr3t does.`,
    };
    expect(valueOf(given)).toEqual({
      note: `it is ${MASK}`,
      password: MASK,
      description: `${masked} As ${MASK} does.`,
    });
  });
});
