import { resolveConfig } from "@tasker-observability/config";
import { describe, expect, it } from "vitest";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "../options/to-worker-options.js";

const createIn = (environment: string, url = "") =>
  createWorker({
    ...toWorkerOptions(
      resolveConfig(
        {
          common: { database: { url } },
          worker: { namespaces: ["orders"], web: { enabled: false } },
        },
        { env: {}, environment },
      ),
    ),
  });

describe("a worker without a database's URL", () => {
  it.each(["production", "Production", "prod", "live", "production-eu"])(
    "is refused in %s, in one line",
    async (name) => {
      await expect(createIn(name)).rejects.toMatchObject({
        name: "WorkerStartError",
        message: expect.stringMatching(
          /^A worker in the environment \S+ needs .*set common\.database\.url \(DATABASE_URL\)\..*$/,
        ),
      });
    },
  );

  it("is made in development, and in production with one", async () => {
    for (const worker of [
      await createIn("development"),
      await createIn("production", "postgres://localhost/x"),
    ])
      await worker.stop();
  });
});
