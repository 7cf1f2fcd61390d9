import { expect, it } from "vitest";
import * as exported from "./index.js";

it("exports these names and no others", () => {
  expect(Object.keys(exported).sort()).toMatchInlineSnapshot(`
    [
      "assertNoProblems",
      "clockOption",
      "clockProblems",
      "contextOption",
      "delayMs",
      "delayProblems",
      "functionOption",
      "givenOptions",
      "hasAll",
      "isListenHost",
      "kindOf",
      "loggerOption",
      "loggerProblems",
      "longestTimerMs",
      "nameProblems",
      "numberOption",
      "numberProblems",
      "objectAsGiven",
      "objectLike",
      "parseOptions",
      "pathText",
      "policyOption",
      "problemOf",
      "refuseProblems",
      "shapeProblems",
      "textOption",
      "textProblemOf",
      "unknownOption",
      "validateOptions",
      "valueOption",
      "wholeNumberOption",
    ]
  `);
});
