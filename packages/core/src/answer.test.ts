import { describe, expect, it, vi } from "vitest";
import { answer, inProcess } from "./invoke.js";
import { overHttp, greet, running, codeOf } from "./testing/operations.js";

describe("answer", () => {
  it("encodes the result as JSON", async () => {
    await expect(answer(greet(), { name: "Ada" }, inProcess)).resolves.toEqual({
      body: '{"greeting":"Hello Ada 1"}',
      mediaType: "application/json",
      verdict: "ok",
    });
  });

  it("passes text through, in the requested media type", async () => {
    const text = running(() => "up 1\n", {
      mediaTypes: ["text/plain", "application/openmetrics-text"],
    });
    await expect(answer(text, {}, inProcess)).resolves.toEqual({
      body: "up 1\n",
      mediaType: "text/plain",
      verdict: "ok",
    });
    await expect(
      answer(text, {}, inProcess, { mediaType: "application/openmetrics-text" }),
    ).resolves.toMatchObject({ mediaType: "application/openmetrics-text" });
  });

  it("gives the operation's verdict on its result", async () => {
    const operation = running(() => ({ up: false }), {
      verdict: (result) => ((result as { up: boolean }).up ? "ok" : "unavailable"),
    });
    await expect(answer(operation, {}, inProcess)).resolves.toMatchObject({
      verdict: "unavailable",
      body: '{"up":false}',
    });
  });

  it("rejects with INTERNAL when the result cannot be encoded or the verdict throws", async () => {
    const broken = [
      running(() => ({ count: 1n })),
      running(() => undefined),
      running(() => ({ a: 1 }), { mediaTypes: ["text/plain"] }),
      running(() => 1, {
        verdict: () => {
          throw new Error("no");
        },
      }),
    ];
    for (const operation of broken)
      expect(await codeOf(answer(operation, {}, inProcess))).toBe("INTERNAL");
  });

  it("rejects as invoke does", async () => {
    expect(await codeOf(answer(greet(), { name: 1 }, inProcess))).toBe("INVALID_PARAMS");
    expect(await codeOf(answer({ ...greet(), access: "write" }, { name: "Ada" }, overHttp))).toBe(
      "CACHE_OPERATIONS_DISABLED",
    );
  });
});

describe("answer without a promise", () => {
  it("returns a result that the operation has already", () => {
    expect(
      answer(
        running(() => 1, { run: () => ({ up: true }) }),
        {},
        inProcess,
      ),
    ).toEqual({ body: '{"up":true}', mediaType: "application/json", verdict: "ok" });
  });

  it("rejects invalid params, and never throws", async () => {
    await expect(answer(greet(), { name: 1 }, inProcess)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
    });
  });

  it("returns a promise when the operation does", async () => {
    await expect(
      answer(
        running(() => 1),
        {},
        inProcess,
      ),
    ).resolves.toMatchObject({ body: "1" });
    const failing = running(() => {
      throw new Error("no");
    });
    await expect(answer(failing, {}, inProcess)).rejects.toMatchObject({ code: "INTERNAL" });
  });

  it("encodes a repeated frozen result once, and any other result each time", () => {
    const toJSON = vi.fn(() => "encoded");
    const asked = (result: object): void => {
      const operation = running(() => 1, { run: () => result });
      for (let call = 0; call < 3; call += 1)
        expect(answer(operation, {}, inProcess)).toMatchObject({ body: '"encoded"' });
    };
    asked(Object.freeze({ toJSON }));
    expect(toJSON).toHaveBeenCalledTimes(1);
    asked({ toJSON });
    expect(toJSON).toHaveBeenCalledTimes(4);
  });

  it("caches by result and by media type", () => {
    const results = [Object.freeze({ at: 1 }), Object.freeze({ at: 2 })];
    const next = running(() => 1, {
      run: () => results.shift(),
      mediaTypes: ["application/json", "text/plain"],
    });
    expect(answer(next, {}, inProcess)).toMatchObject({ body: '{"at":1}' });
    expect(answer(next, {}, inProcess)).toMatchObject({ body: '{"at":2}' });
    const both = running(() => 1, {
      run: () => "up",
      mediaTypes: ["application/json", "text/plain"],
    });
    expect(answer(both, {}, inProcess)).toMatchObject({ body: '"up"' });
    expect(answer(both, {}, inProcess, { mediaType: "text/plain" })).toMatchObject({
      body: "up",
    });
  });
});
