import { describe, expect, it } from "vitest";
import { inShort, problemsOf } from "../../testing/templates.js";

function found(...events: readonly string[]): readonly string[] {
  const list = events.map((event) => `{ ${event}, description: Something, schema: {} }`);
  return inShort(
    problemsOf(
      `steps: [{ name: a, handler: { callable: h }, publishes_events: [${list.join(", ")}] }]`,
    ),
  );
}

describe("the name of an event", () => {
  it.each(["order.paid", "a.b.c", "order_2.paid_1", "1.2x"])("may be %s", (name) => {
    expect(found(`name: ${name}`)).toEqual([]);
  });

  it.each(["paid", ".paid", "paid.", "order..paid", "Order.paid", "order.paid!", "order-x.paid"])(
    "has a warning if Tasker refuses it: %s",
    (name) => {
      expect(found(`name: ${name}`)).toEqual([
        "warning bad_event_name steps.0.publishes_events.0.name",
      ]);
    },
  );

  it("has a warning where its step publishes it twice", () => {
    expect(found("name: a.b", "name: a.c", "name: a.b")).toEqual([
      "warning duplicate_event steps.0.publishes_events.2.name",
    ]);
  });
});

describe("the publisher of an event", () => {
  it.each(["PaymentPublisher", "my_module::Publisher", "package.Publisher", "_x"])(
    "may be %s",
    (publisher) => {
      expect(found(`name: a.b, publisher: "${publisher}"`)).toEqual([]);
    },
  );

  it.each(["", "9x", "a b", "a::", "a/b"])("has a warning if Tasker refuses it: %j", (name) => {
    expect(found(`name: a.b, publisher: "${name}"`)).toEqual([
      "warning bad_event_name steps.0.publishes_events.0.publisher",
    ]);
  });
});
