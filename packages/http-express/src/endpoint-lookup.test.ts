import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEndpointLookup } from "./endpoint-lookup.js";
import type { Endpoint } from "./endpoints.js";
import { routes } from "./routes.js";

const endpoints = new Map(
  routes.map(({ path }): [string, Endpoint] => [path, { targets: new Map(), allow: path }]),
);
const lookup = createEndpointLookup(endpoints);
const find = (target: string) => lookup.find(target);
const pathOf = (target: string) => find(target)?.endpoint.allow;

describe("an endpoint lookup", () => {
  it("finds every path of the table, with a trailing slash and a query too", () => {
    for (const { path } of routes) {
      for (const end of ["", "/", "?a=b", "/?a=b", "?", "??/"])
        expect(pathOf(`${path}${end}`)).toBe(path);
    }
  });

  it("has every path without params unchanged", () => {
    const paths = routes.map(({ path }) => path).filter((path) => !path.includes("{"));
    expect([...lookup.literal.keys()].sort()).toEqual([...new Set(paths)].sort());
    for (const path of paths) expect(lookup.literal.get(path)).toEqual(find(path));
  });

  it("hands over segments and query as they came", () => {
    expect(find("/templates/a%2Fb/../%zz?x=%zz?&y")).toMatchObject({
      segments: { namespace: "a%2Fb", name: "..", version: "%zz" },
      query: "x=%zz?&y",
    });
  });

  it("lets a literal segment win over a parameter for good", () => {
    expect(pathOf("/templates/cache/stats")).toBe("/templates/cache/stats");
    expect(find("/templates/cache/stats/1.0.0")).toBeNull();
    expect(find("/templates/cache/a/1.0.0/validate")).toBeNull();
    expect(pathOf("/templates/cached/a/1.0.0")).toBe("/templates/{namespace}/{name}/{version}");
  });

  it("finds nothing outside of the table, and never throws", () => {
    const noise = fc.array(
      fc.oneof(
        fc.constantFrom("/", "health", "templates", "cache", "..", "%", "?", "{name}", "//"),
        fc.string(),
      ),
    );
    fc.assert(
      fc.property(noise, (parts) => {
        const target = parts.join("");
        const match = find(target);
        if (match === null) return;
        const path = match.endpoint.allow.replaceAll(
          /\{(\w+)\}/g,
          (_, name: string) => match.segments[name] ?? "{}",
        );
        const tail = target.slice(path.length);
        expect(target.startsWith(path)).toBe(true);
        expect(["", "/"]).toContain(tail.split("?")[0]);
      }),
      { numRuns: 5_000 },
    );
  });
});
