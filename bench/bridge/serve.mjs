/** One worker behind a socket and a port, for callers in another process. */
import { createObservability, createSocketServer } from "../../packages/ffi-bridge/dist/index.js";
import { createObservabilityListener } from "../../packages/http-express/dist/index.js";
import { createWorkerContext } from "../../packages/core/dist/index.js";
import { resolveConfig } from "../../packages/config/dist/index.js";

const config = resolveConfig({ worker: { worker_id: "bench-1" } }, { env: {} });
const { operations } = createObservability({
  context: createWorkerContext({ workerId: "bench-1" }),
  config,
});
await createSocketServer({ operations, path: process.argv[2] }).start();
const { port } = await createObservabilityListener(operations).listen({ port: 0 });
process.send({ port });
process.on("disconnect", () => process.exit());
