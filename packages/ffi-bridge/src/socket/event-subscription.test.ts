import { describe, expect, it } from "vitest";
import { EventSubscription } from "./event-subscription.js";

interface Written {
  readonly params: { readonly dropped: number; readonly event: unknown };
}

function createWriter() {
  const state = { canSend: true, written: [] as Written[] };
  const writer = {
    canSend: () => state.canSend,
    write: (frame: string) => void state.written.push(JSON.parse(frame) as Written),
  };
  return { state, writer };
}

describe("EventSubscription", () => {
  it("keeps what does not leave, in order, and drops and counts what does not fit", () => {
    const { state, writer } = createWriter();
    const subscription = new EventSubscription(1, writer, { events: 2, bytes: 10_000 });
    state.canSend = false;
    expect(["a", "b", "c", "d"].map((event) => subscription.deliver(event))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    state.canSend = true;
    subscription.flush();
    expect(subscription.deliver("e")).toBe(true);
    expect(state.written.map(({ params }) => [params.event, params.dropped])).toEqual([
      ["a", 0],
      ["b", 0],
      ["e", 2],
    ]);
  });

  it("buffers no more bytes than it may", () => {
    const { state, writer } = createWriter();
    const subscription = new EventSubscription(1, writer, { events: 1_000, bytes: 1_000 });
    state.canSend = false;
    expect(Array.from({ length: 4 }, () => subscription.deliver("x".repeat(300)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("lets no event overtake those that wait", () => {
    const { state, writer } = createWriter();
    const subscription = new EventSubscription(1, writer, { events: 10, bytes: 10_000 });
    state.canSend = false;
    subscription.deliver("first");
    state.canSend = true;
    subscription.deliver("second");
    subscription.flush();
    expect(state.written.map(({ params }) => params.event)).toEqual(["first", "second"]);
  });

  it("drops an event that no frame can carry, or JSON cannot represent", () => {
    const { writer } = createWriter();
    const subscription = new EventSubscription(1, writer, { events: 10, bytes: 10_000_000 });
    expect(subscription.deliver("x".repeat(1_100_000))).toBe(false);
    expect(subscription.deliver({ amount: 1n })).toBe(false);
  });
});
