import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBreaker, isBreakerOpen, toCircuitBreakers } from "./breaker.js";

const fail = (): Promise<never> => Promise.reject(new Error("away"));

describe("a circuit breaker", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  it("opens after failures in a row, rejects calls while open, and closes after a call that succeeds", async () => {
    const breaker = createBreaker({ name: "completion", failureThreshold: 2, openMs: 5_000 });
    await expect(breaker.execute(fail)).rejects.toThrow("away");
    expect(breaker.state()).toBe("closed");
    await expect(breaker.execute(fail)).rejects.toThrow("away");
    expect(breaker.state()).toBe("open");
    const call = vi.fn(() => Promise.resolve(1));
    await expect(breaker.execute(call)).rejects.toThrow();
    expect(call).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(breaker.state()).toBe("half_open");
    expect(await breaker.execute(call)).toBe(1);
    expect(breaker.state()).toBe("closed");
  });

  it("stays closed for failures that do not count, passes them on, and closes after one: the call got through", async () => {
    const breaker = createBreaker({
      name: "completion",
      failureThreshold: 2,
      isFailure: (error) => (error as Error).message === "away",
    });
    const refuse = (): Promise<never> => Promise.reject(new Error("refused"));
    for (let call = 0; call < 5; call += 1)
      await expect(breaker.execute(refuse)).rejects.toThrow("refused");
    await expect(breaker.execute(fail)).rejects.toThrow("away");
    await expect(breaker.execute(refuse)).rejects.toThrow("refused");
    await expect(breaker.execute(fail)).rejects.toThrow("away");
    expect(breaker.state()).toBe("closed");
    await expect(breaker.execute(fail)).rejects.toThrow("away");
    const whileOpen = await breaker.execute(fail).catch((error: unknown) => error);
    expect([breaker.state(), isBreakerOpen(whileOpen), isBreakerOpen(new Error("away"))]).toEqual([
      "open",
      true,
      false,
    ]);
    vi.advanceTimersByTime(5_000);
    await expect(breaker.execute(refuse)).rejects.toThrow("refused");
    expect(breaker.state()).toBe("closed");
  });

  it("is shown beside those of the application", () => {
    const states = toCircuitBreakers([createBreaker({ name: "completion" })], {
      states: () => [{ name: "stripe", state: "open" }],
    }).states();
    expect(states).toEqual([
      { name: "completion", state: "closed" },
      { name: "stripe", state: "open" },
    ]);
  });
});
