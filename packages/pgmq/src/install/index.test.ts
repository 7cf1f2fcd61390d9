import { expect, it } from "vitest";
import * as api from "./index.js";

it("exports what is documented, and nothing else", () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "PgmqInstallError",
      "changeSchema",
      "installPgmq",
      "toPgmqConnection",
    ]
  `);
});
