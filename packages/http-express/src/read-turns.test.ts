import { expect, it } from "vitest";
import { ReadTurns } from "./read-turns.js";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it("reads from one connection in each turn, in the order in which they came", async () => {
  const turns = new ReadTurns();
  const read: string[] = [];
  turns.add(() => {
    read.push("first");
    turns.add(() => read.push("first again"));
  });
  turns.add(() => read.push("second"));
  const seen: string[][] = [];
  for (let index = 0; index < 4; index += 1) {
    await turn();
    seen.push([...read]);
  }
  expect(seen).toEqual([
    ["first"],
    ["first", "second"],
    ["first", "second", "first again"],
    ["first", "second", "first again"],
  ]);
});
