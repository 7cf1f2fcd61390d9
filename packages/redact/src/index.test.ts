import * as redact from "./index.js";
import { expect, it } from "vitest";

it("exports these names", () => {
  expect(Object.keys(redact).sort()).toMatchInlineSnapshot(`
    [
      "MASK",
      "RedactionError",
      "appendToPath",
      "createRedactor",
      "cutText",
      "cutTextToEnd",
      "formatPath",
      "isSensitiveKey",
      "secretsIn",
    ]
  `);
});
