import { expect, it } from "vitest";
import * as exported from "./index.js";

it("exports these names and no others", () => {
  expect(Object.keys(exported).sort()).toMatchInlineSnapshot(`
    [
      "fromPgPool",
      "fromPostgres",
      "isPgPool",
      "isPostgresSql",
      "isStatementNameRefused",
    ]
  `);
});
