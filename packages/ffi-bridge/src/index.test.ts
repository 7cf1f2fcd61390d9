import { expect, it } from "vitest";
import * as exported from "./index.js";

it("exports these names and no others", () => {
  expect(Object.keys(exported).sort()).toMatchInlineSnapshot(`
    [
      "Observability",
      "ObservabilityError",
      "assertHeartbeatUnused",
      "assertHeartbeatWritable",
      "bindObservability",
      "connectObservability",
      "createBridgeFunctions",
      "createFacade",
      "createObservability",
      "createSocketServer",
      "createSystemdNotifier",
      "createWorkerContext",
      "defineOperation",
      "notifyProcessManager",
      "startHeartbeatFile",
    ]
  `);
});
