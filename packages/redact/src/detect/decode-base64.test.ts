import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBase64 } from "./decode-base64.js";

it("decodes what Node's Buffer decodes, to the same bytes", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w+/-]{0,40}={0,2}$/), (text) => {
      expect(decodeBase64(text)).toBe(Buffer.from(text, "base64").toString("latin1"));
    }),
  );
});

it("gives nothing for what is no base64", () => {
  expect(decodeBase64("söme text!")).toBe("");
});
