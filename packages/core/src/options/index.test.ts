import { expect, it } from "vitest";
import * as exported from "./index.js";

it("exports these names and no others", () => {
  expect(Object.keys(exported).sort()).toMatchInlineSnapshot(`
    [
      "assertNoProblems",
      "clockOption",
      "contextOption",
      "delayMs",
      "functionOption",
      "isListenHost",
      "kindOf",
      "loggerOption",
      "longestTimerMs",
      "numberOption",
      "numberProblemOf",
      "objectAsGiven",
      "objectLike",
      "parseOptions",
      "pathText",
      "policyOption",
      "problemOf",
      "takesOptions",
      "textOption",
      "textProblemOf",
      "unknownOption",
      "validateOptions",
      "valueOption",
      "wholeNumberOption",
    ]
  `);
});
