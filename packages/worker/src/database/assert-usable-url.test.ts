import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import { WorkerStartError } from "../worker-start-error.js";
import { testOptions } from "../testing/worker-harness.js";
import { createWorker } from "../create-worker.js";
import { assertUsableUrl } from "./assert-usable-url.js";

const refusalOf = (url: string): unknown => {
  try {
    assertUsableUrl("common.database.url", url);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(WorkerStartError);
    return (error as WorkerStartError).message;
  }
};

describe("a database URL", () => {
  it.each([
    "postgres://u:p@h:5432/db?sslmode=require",
    "/var/run/postgresql db",
    "postgres://u@/db?host=/var/run/postgresql",
  ])("is taken if the driver can use it: %s", (url) => {
    expect(refusalOf(url)).toBeNull();
  });

  it.each(["sslrootcert", "sslcert", "sslkey"])(
    "is rejected by the name of the parameter if it names a missing file: %s",
    (name) => {
      expect(refusalOf(`postgres://u:hunter2@h/db?${name}=/nowhere/file.pem`)).toBe(
        `The file in ${name} of common.database.url cannot be read: not_found.`,
      );
    },
  );

  it("is rejected if it names a folder instead of a file, or if the driver rejects it", async () => {
    const folder = await mkdtemp(`${tmpdir()}/certificates-`);
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const url of [
      `postgres://u:hunter2@h/db?sslrootcert=${folder}`,
      "postgres://u:hunter2@h/db?sslnegotiation=never",
      "postgres://u:hunter2@h/db?uselibpqcompat=true&sslmode=verify-ca",
    ])
      expect(refusalOf(url)).toMatch(/^(?!.*hunter2).*common\.database\.url.* cannot be /);
  });

  it.each(["url", "listen_url"])("ends the start immediately: %s", async (key) => {
    const worker = await createWorker(
      testOptions({
        url: "postgres://u@127.0.0.1:1/db",
        templates: "none/*.yaml",
        common: { database: { [key]: "postgres://u@127.0.0.1:1/db?sslrootcert=/nowhere.pem" } },
      }),
    );
    await expect(worker.start()).rejects.toThrow(/^The file in sslrootcert of common\.database/);
    expect(worker.context.lifecycle.current()).toBe("stopped");
  });
});
