import { expect, it } from "vitest";
import * as api from "./index.js";

it("exports what is documented, and nothing else", () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "bundleForNode",
      "createFakeClock",
      "createTestDatabase",
      "everythingReachable",
      "everythingShown",
      "filesPassed",
      "inJson",
      "isRunning",
      "killGroup",
      "opaqueSecret",
      "parseExposition",
      "runInPty",
      "secretKinds",
      "sharedServerUrl",
      "spawnNode",
      "startNotifySocket",
      "startOwnServer",
      "startPgBouncer",
      "startTcpProxy",
      "startTestServer",
      "startToolServer",
      "urlOfDatabase",
      "waitFor",
      "withClient",
      "withOptionTables",
    ]
  `);
});
