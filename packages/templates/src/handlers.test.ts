import { describe, expect, it } from "vitest";
import { createHandlers } from "./handlers.js";

describe("createHandlers", () => {
  it("knows the names that it was given, sorted and each once", () => {
    const handlers = createHandlers(["b", "a", "b"]);
    expect(handlers.names()).toEqual(["a", "b"]);
    expect([handlers.has("a"), handlers.has("c"), handlers.has("constructor")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
