import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dashboardFiles } from "./index.js";

const files = [...dashboardFiles];
const textOf = (path: string) => new TextDecoder().decode(dashboardFiles.get(path)?.body);

describe("the page", () => {
  it("has at most 150 KB to be sent", () => {
    const bytes = files.reduce((total, [, { gzip }]) => total + gzip.byteLength, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(150_000);
  });

  it("loads its own files only, by URLs that are right at any mount path", () => {
    const loaded = Array.from(
      textOf("/").matchAll(/(?:src|href)="(?!data:)([^"]*)"/g),
      ([, url]) => url,
    );
    expect(loaded.map((url) => url?.replace("./", "/")).sort()).toEqual(
      files
        .map(([path]) => path)
        .filter((path) => path !== "/")
        .sort(),
    );
    expect(loaded.every((url) => url?.startsWith("./assets/"))).toBe(true);
  });

  it("has neither scripts nor styles in its HTML, which its policy would refuse", () => {
    expect(textOf("/")).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });

  it("is the same compressed", () => {
    for (const [, { body, gzip }] of files) expect(gunzipSync(gzip)).toEqual(Buffer.from(body));
  });
});
