import { describe, expect, it } from "vitest";
import { parseHandlerList } from "./handler-list.js";

describe("a list of handlers", () => {
  it.each([
    ["a JSON list", '["payments.check", "payments.pay"]'],
    ["the keys of a JSON object", '{ "payments.check": 1, "payments.pay": {} }'],
    [
      "lines with notes",
      "payments.check # asks the gateway\n  # payments.old\npayments.pay\t# pays",
    ],
    ["lines with dashes", "- payments.check\n -  payments.pay # pays"],
    ["lines", "# of the worker\npayments.check\r\n\n  payments.pay  \n"],
  ])("may be %s", (_, text) => {
    expect(parseHandlerList(text).names()).toEqual(["payments.check", "payments.pay"]);
  });

  it("keeps a # or a dash that belongs to a name", () => {
    expect(parseHandlerList("payments#pay\n-x").names()).toEqual(["-x", "payments#pay"]);
  });

  it.each(["[]", "{}"])("may be empty in JSON: %s", (text) => {
    expect(parseHandlerList(text).names()).toEqual([]);
  });

  it.each(["[1]", "[", "{", "", " \n", "# later\n", "null", "true", "3", '"payments.pay"'])(
    "is rejected: %j",
    (text) => {
      expect(() => parseHandlerList(text)).toThrow(/^A list of handlers/);
      expect(() => parseHandlerList(text)).toThrow(SyntaxError);
    },
  );
});
