import { expect, it } from "vitest";
import { startEmbeddedPostgres, startRestartingPostgres } from "./embedded-postgres.js";

it("startEmbeddedPostgres rejects with everything that is wrong with its options", async () => {
  const options = { prot: 5432, port: 65_536, settings: { max_connections: 17 } } as never;
  await expect(startEmbeddedPostgres(options)).rejects.toThrow(
    /^Unknown option "prot" of startEmbeddedPostgres\. Did you mean "port"\? port must be a whole number from 1 to 65535, not 65536\. settings\.max_connections must be a string, not a number\.$/,
  );
});

it("startRestartingPostgres rejects with the callbacks that are missing", async () => {
  await expect(startRestartingPostgres({ onEnd: () => undefined } as never)).rejects.toThrow(
    /^clock must be a Clock, but is missing\. onRestart must be a function: \(\) => void, but is missing\. onFailure must be/,
  );
});
