import { hostname } from "node:os";
import { expect, it } from "vitest";
import { defaultWorkerId } from "./default-worker-id.js";
import { resolveConfig } from "./load-config.js";

it("is the host's name, again after a restart", () => {
  expect(defaultWorkerId({})).toBe(hostname());
  expect(resolveConfig({}, { env: {} }).settings.worker.worker_id).toBe(hostname());
});

it("has the number of a process in a cluster of PM2 behind it", () => {
  expect(defaultWorkerId({ NODE_APP_INSTANCE: "3" })).toBe(`${hostname()}-3`);
  expect(resolveConfig({}, { env: { NODE_APP_INSTANCE: "0" } }).settings.worker.worker_id).toBe(
    `${hostname()}-0`,
  );
});

it("accepts only a number", () => {
  for (const instance of ["", "a b", "1\n"])
    expect(defaultWorkerId({ NODE_APP_INSTANCE: instance })).toBe(hostname());
});
