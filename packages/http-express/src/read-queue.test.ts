import { expect, it } from "vitest";
import { ReadQueue } from "./read-queue.js";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it("reads from one connection in each turn, in the order in which they came", async () => {
  const queue = new ReadQueue();
  const read: string[] = [];
  queue.add(() => {
    read.push("first");
    queue.add(() => read.push("first again"));
  });
  queue.add(() => read.push("second"));
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
