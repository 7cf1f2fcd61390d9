import { describe, expect, it } from "vitest";
import { PortAnswerError, portAnswers } from "./port-answers.js";
import type { CommandProcessor, EventSystem, QueueStatistics } from "./ports.js";

const never = new AbortController().signal;
const pool = { size: 3, idle: 2, waiting: 0, max: 10 };
const queue: QueueStatistics = {
  namespace: "orders",
  queue_name: "orders_queue",
  state: "readable",
  depth: 7,
  visible_depth: 5,
  oldest_message_age_seconds: 1.5,
  oldest_visible_age_seconds: null,
  depth_estimated: false,
};
const processor: CommandProcessor = {
  state: () => "running",
  heartbeat: { ageMs: () => 5 },
  slots: () => ({ total: 4, busy: 1, overdue: 0 }),
  refusals: () => ({ queues: 2, refused: 1, without_success_ms: 0, error: new Error("no") }),
  outcomeRefusals: () => ({
    refused: [{ queue_name: "q", outcome: "retries", waiting: 1, error: null }],
    without_success_ms: 3,
  }),
};
const events: EventSystem = {
  listener: () => "connected",
  poller: () => "alive",
  pollOnlyQueues: () => ["orders_queue"],
};
const breaker = { name: "mail", state: "open" } as const;
const channel = { channel_name: "dispatch", component: "worker", length: 1, capacity: 2 };

const askPool = (answer: unknown) => portAnswers.pool({ pool: () => answer as never });
const askQueues = (answer: unknown) =>
  portAnswers.queues({ statistics: async () => answer as never }, never);
const withQueue = (change: object) => askQueues([queue, { ...queue, ...change }]);
const ask = {
  state: (answer: unknown) =>
    portAnswers.processorState({ ...processor, state: () => answer as never }),
  age: (answer: unknown) =>
    portAnswers.heartbeatAgeMs({ ...processor, heartbeat: { ageMs: () => answer as never } }),
  slots: (answer: unknown) => portAnswers.slots({ ...processor, slots: () => answer as never }),
  refusals: (answer: unknown) =>
    portAnswers.claimRefusals({ ...processor, refusals: () => answer as never }),
  outcomes: (answer: unknown) =>
    portAnswers.outcomeRefusals({ ...processor, outcomeRefusals: () => answer as never }),
  listener: (answer: unknown) =>
    portAnswers.listener({ ...events, listener: () => answer as never }),
  poller: (answer: unknown) => portAnswers.poller({ ...events, poller: () => answer as never }),
  polled: (answer: unknown) =>
    portAnswers.pollOnlyQueues({ ...events, pollOnlyQueues: () => answer as never }),
  breakers: (answer: unknown) => portAnswers.breakers({ states: () => answer as never }),
  channels: (answer: unknown) => portAnswers.channels({ levels: () => answer as never }),
};

describe("an answer of a port", () => {
  it("passes valid answers on unchanged", async () => {
    expect(askPool(pool)).toBe(pool);
    expect(askPool(null)).toBeNull();
    expect(await askQueues([queue])).toEqual([queue]);
    expect(portAnswers.processorState(processor)).toBe("running");
    expect(portAnswers.heartbeatAgeMs(processor)).toBe(5);
    expect(portAnswers.heartbeatAgeMs({ ...processor, heartbeat: null })).toBeNull();
    expect(portAnswers.slots(processor)).toEqual({ total: 4, busy: 1, overdue: 0 });
    expect(portAnswers.claimRefusals(processor)).toMatchObject({ refused: 1 });
    expect(portAnswers.outcomeRefusals(processor)).toMatchObject({ without_success_ms: 3 });
    expect(portAnswers.listener(events)).toBe("connected");
    expect(portAnswers.poller(events)).toBe("alive");
    expect(portAnswers.pollOnlyQueues(events)).toEqual(["orders_queue"]);
    expect(portAnswers.breakers({ states: () => [breaker] })).toEqual([breaker]);
    expect(portAnswers.channels({ levels: () => [channel] })).toEqual([channel]);
  });

  it.each<[what: string, ask: () => unknown, message: string]>([
    ["a pool that is a text", () => askPool("3"), "database.pool() must be an object"],
    [
      "a count of acquired connections that is a text",
      () => askPool({ ...pool, acquires: { total: "9" } }),
      "database.pool().acquires.total must be a",
    ],
    ["a negative count", () => askPool({ ...pool, idle: -1 }), "database.pool().idle must be a"],
    ["NaN", () => askPool({ ...pool, max: Number.NaN }), "number from 0 up, not NaN."],
    [
      "a missing field",
      () => askPool({ size: 1 }),
      "idle must be a whole number from 0 up, but is missing.",
    ],
    [
      "queues that are null",
      () => askQueues(null),
      "queues.statistics() must be an array, not null.",
    ],
    [
      "a depth that is a text",
      () => withQueue({ depth: "20000" }),
      "queues.statistics()[1].depth must be a whole number from 0 up, or null, not a string.",
    ],
    [
      "a negative age",
      () => withQueue({ oldest_message_age_seconds: -3 }),
      "oldest_message_age_seconds must be a number from 0 up, or null, not -3.",
    ],
    [
      "a queue's unknown state",
      () => withQueue({ state: "fine" }),
      "state must be one of readable, missing",
    ],
    [
      "a queue that is null",
      () => askQueues([null]),
      "queues.statistics()[0] must be an object, not null.",
    ],
    [
      "an unknown state",
      () => ask.state("idle"),
      "commandProcessor.state() must be one of running",
    ],
    [
      "an age that is a text",
      () => ask.age("5"),
      "commandProcessor.heartbeat.ageMs() must be a number",
    ],
    [
      "slots without a total",
      () => ask.slots({ busy: 1, overdue: 0 }),
      "commandProcessor.slots().total",
    ],
    [
      "refusals without a time",
      () => ask.refusals({ queues: 1, refused: 1 }),
      "refusals().without_success_ms",
    ],
    [
      "outcomes that are no list",
      () => ask.outcomes({ refused: {}, without_success_ms: 1 }),
      "outcomeRefusals().refused must be an array",
    ],
    [
      "an unknown listener",
      () => ask.listener("up"),
      "eventSystem.listener() must be one of connected",
    ],
    ["an unknown poller", () => ask.poller(null), "eventSystem.poller() must be one of alive"],
    [
      "a queue's name that is a number",
      () => ask.polled([7]),
      "eventSystem.pollOnlyQueues()[0] must be a string",
    ],
    [
      "a breaker's unknown state",
      () => ask.breakers([{ ...breaker, state: "ajar" }]),
      "circuitBreakers.states()[0].state must be one of closed",
    ],
    [
      "a channel's capacity that is a text",
      () => ask.channels([{ ...channel, capacity: "2" }]),
      "channels.levels()[0].capacity must be",
    ],
  ])("rejects %s and names the field", async (_what, answer, message) => {
    const asking = (async () => answer())();
    await expect(asking).rejects.toBeInstanceOf(PortAnswerError);
    await expect(asking).rejects.toThrow(message);
    await expect(asking).rejects.not.toThrow("20000");
  });
});
