import { expect, it } from "vitest";
import { createOutputLines } from "./output-lines.js";

it("makes lines of chunks that are cut anywhere", () => {
  const output = createOutputLines();
  for (const chunk of ["one\ntw", "o\r", "\nthr", "ee"]) output.write(chunk);
  output.end();
  expect(output.lines).toEqual(["one", "two", "three"]);
  expect(output.text()).toBe("one\ntwo\r\nthree");
});

it("finds a line that has come, and one that is still to come", async () => {
  const output = createOutputLines();
  output.write("listening on 80\n");
  const later = output.waitForLine(/ready/);
  output.write("now ready\n");
  expect([await output.waitForLine(/listening/), await later]).toEqual([
    "listening on 80",
    "now ready",
  ]);
});

it("says what there was instead, when the output ends or the time is up", async () => {
  const output = createOutputLines();
  const late = output.waitForLine(/ready/, 5);
  await expect(late).rejects.toThrow("No line matched /ready/ when 5 ms had passed.");
  output.write("port in use\n");
  const ended = output.waitForLine(/ready/);
  output.end();
  await expect(ended).rejects.toThrow(
    "No line matched /ready/ when the output ended. The output:\nport in use\n",
  );
  await expect(output.waitForLine(/ready/)).rejects.toThrow("the output had ended");
});
