import { expect, it } from "vitest";
import { waitFor } from "./wait-for.js";

it("resolves to the first answer that is neither false, null nor undefined", async () => {
  const answers = [false, null, undefined, 0];
  expect(await waitFor(() => answers.shift(), { what: "a number", intervalMs: 1 })).toBe(0);
});

it("treats a condition that throws as false, and reports the error in the end", async () => {
  const failing = waitFor(() => Promise.reject(new Error("connection refused")), {
    what: "the server",
    timeoutMs: 20,
    intervalMs: 5,
  });
  await expect(failing).rejects.toThrow("Waited 20 ms in vain for the server.");
  await expect(failing).rejects.toHaveProperty("cause.message", "connection refused");
});
