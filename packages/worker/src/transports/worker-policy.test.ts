import { withPlaceholders, invoke, type Transport } from "@tasker-observability/core";
import { expect, it } from "vitest";
import { createWorkerPolicy } from "./http-options.js";

it.each<Transport>(["http", "socket"])(
  "a write that %s does not offer is refused with the keys that enable it",
  async (transport) => {
    const policy = createWorkerPolicy({ http: false, socketWrites: false });
    const { templates_cache_clear } = withPlaceholders({});
    await expect(
      invoke(templates_cache_clear, {}, { transport, rights: null }, {}, policy),
    ).rejects.toMatchObject({
      code: "CACHE_OPERATIONS_DISABLED",
      message:
        "Cache operations are disabled on this transport: set worker.web.endpoints.cache_operations_enabled (HTTP) or worker.bridge.writes_enabled (socket).",
    });
    const { worker_pause } = withPlaceholders({});
    await expect(
      invoke(worker_pause, {}, { transport, rights: null }, {}, policy),
    ).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringMatching(
        /: set worker\.web\.endpoints\.work_writes_enabled \(HTTP\) or worker\.bridge\.writes_enabled \(socket\)\.$/,
      ) as string,
    });
  },
);
