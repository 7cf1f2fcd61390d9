import { expect, it } from "vitest";
import { CommandError } from "../console/command-error.js";
import { parseDeadLettersArguments } from "./arguments.js";
import { toCommandError } from "./command-errors.js";

it("a lock that another transaction held for too long advises to try again", () => {
  const request = parseDeadLettersArguments(["purge", "--namespace", "payments", "--all"])!;
  const error = Object.assign(new Error("canceling statement due to lock timeout"), {
    code: "55P03",
  });
  expect(toCommandError(error, request, 100)).toEqual(
    new CommandError(
      "Another transaction locked the queue for too long: try again (lock_timeout, SQLSTATE 55P03). The rest was not purged. 100 were already purged.",
    ),
  );
});
