import type { EventSystem } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createEventSystemCheck } from "./event-system-check.js";

const never = new AbortController().signal;

describe("the event system check", () => {
  it.each([
    ["connected", "alive", "healthy"],
    ["connected", "down", "healthy"],
    ["connected", "not_used", "healthy"],
    ["down", "alive", "degraded"],
    ["down", "down", "unhealthy"],
    ["down", "not_used", "unhealthy"],
    ["not_used", "alive", "healthy"],
    ["not_used", "down", "unhealthy"],
    ["not_used", "not_used", "healthy"],
  ] as const)("with a listener %s and a poller %s is %s", (listener, poller, status) => {
    const eventSystem: EventSystem = { listener: () => listener, poller: () => poller };
    expect(createEventSystemCheck({ eventSystem }).run(never, { abandoned: never })).toMatchObject({
      status,
    });
  });

  it.each([
    ["connected", "alive", "listener connected, poller alive"],
    ["not_used", "alive", "poller alive"],
    ["connected", "not_used", "listener connected"],
    ["not_used", "not_used", "neither listener nor poller"],
  ] as const)("says that it saw a listener %s and a poller %s", (listener, poller, message) => {
    const eventSystem: EventSystem = { listener: () => listener, poller: () => poller };
    expect(createEventSystemCheck({ eventSystem }).run(never, { abandoned: never })).toEqual({
      status: "healthy",
      message,
    });
  });

  it("says which part is down", () => {
    const eventSystem: EventSystem = { listener: () => "down", poller: () => "alive" };
    expect(createEventSystemCheck({ eventSystem }).run(never, { abandoned: never })).toEqual({
      status: "degraded",
      message: "listener down, poller alive",
    });
  });

  it.each([
    ["connected", "alive", "healthy", "found by polling only: a, b"],
    ["not_used", "alive", "healthy", "found by polling only: a, b"],
    ["connected", "down", "degraded", "poller down; found by polling only: a, b"],
    ["not_used", "down", "unhealthy", "poller down, no listener"],
    ["down", "alive", "degraded", "listener down, poller alive"],
  ] as const)(
    "with a listener %s and a poller %s, of which two queues are polled alone, is %s",
    (listener, poller, status, message) => {
      const eventSystem: EventSystem = {
        listener: () => listener,
        poller: () => poller,
        pollOnlyQueues: () => ["a", "b"],
      };
      expect(createEventSystemCheck({ eventSystem }).run(never, { abandoned: never })).toEqual({
        status,
        message,
      });
    },
  );

  it("names a few of many queues", () => {
    const eventSystem: EventSystem = {
      listener: () => "connected",
      poller: () => "alive",
      pollOnlyQueues: () => ["a", "b", "c", "d", "e", "f", "g"],
    };
    expect(createEventSystemCheck({ eventSystem }).run(never, { abandoned: never })).toMatchObject({
      message: "found by polling only: a, b, c, d, e and 2 more",
    });
  });
});
