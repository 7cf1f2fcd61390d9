import { describe, expect, it } from "vitest";
import { createMediaTypeChooser } from "./media-type.js";

const text = "text/plain; version=0.0.4; charset=utf-8";
const openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const choose = createMediaTypeChooser([text, openMetrics]);

describe("a media type chooser", () => {
  it.each([
    ["", text],
    ["*/*", text],
    ["text/*", text],
    ["application/*", openMetrics],
    ["application/openmetrics-text", openMetrics],
    ["APPLICATION/OpenMetrics-Text; Version=1.0.0", openMetrics],
    ['application/openmetrics-text; version="1.0.0"', openMetrics],
    ["application/openmetrics-text; version=0.0.1", text],
    ["application/openmetrics-text; version=1.0.0; charset=iso-8859-1", text],
    ["application/openmetrics-text;q=0.2,text/plain;q=0.1", openMetrics],
    ["application/openmetrics-text;q=0.1,text/plain;q=0.2", text],
    ["text/plain,application/openmetrics-text", text],
    ["application/openmetrics-text,text/plain", openMetrics],
    ["application/openmetrics-text,*/*", openMetrics],
    ["application/openmetrics-text;q=0,*/*", text],
    ["text/plain;q=0,*/*", openMetrics],
    ["*/*,text/*;q=0", openMetrics],
    ["text/plain;version=0.0.4;q=0.1,text/plain;q=0.9,application/*;q=0.5", openMetrics],
    [
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
      openMetrics,
    ],
    ["text/plain;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.2", text],
  ])("chooses for %s", (accept, expected) => {
    expect(choose(accept)).toBe(expected);
  });

  it.each(["image/png", "*/*;q=0", ";;;,,,", "text", "text/plain;q=high", "q=1"])(
    "falls back to the first for %s",
    (accept) => {
      expect(choose(accept)).toBe(text);
    },
  );

  it("chooses the first if there is no header", () => {
    expect(choose(undefined)).toBe(text);
  });
});
