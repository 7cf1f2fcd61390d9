import { Writable } from "node:stream";
import { waitFor } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createBoundedLines } from "./bounded-lines.js";

/** A stream whose reader takes a line when a test says so. */
function createStalled() {
  const read: string[] = [];
  let take: (() => void) | null = null;
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      take = () => {
        read.push(chunk.toString());
        done();
      };
    },
  });
  const reported: number[] = [];
  const write = createBoundedLines(stream, (lines) => {
    reported.push(lines);
    write(`${lines} dropped`);
  });
  const readOne = async (): Promise<void> => {
    await waitFor(() => take !== null, { what: "a line" });
    const current = take;
    take = null;
    current?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { stream, write, read, reported, readOne };
}

const line = (name: string): string => name.padEnd(262_144, ".");

describe("lines for a stalled reader", () => {
  it("are buffered up to 1 MiB, then dropped and counted", () => {
    const { stream, write, reported } = createStalled();
    for (let count = 0; count < 1_000; count += 1) write(line("x"));
    expect(stream.writableLength).toBe(1_048_576);
    expect(reported).toEqual([]);
  });

  it("resume when half of the buffer is read, after a report of how many were dropped", async () => {
    const { write, read, reported, readOne } = createStalled();
    for (const name of ["a", "b", "c", "d", "lost", "lost", "lost"]) write(line(name));
    await readOne();
    write(line("lost, as there would be a hole"));
    expect(reported).toEqual([]);
    await readOne();
    write(line("e"));
    expect(reported).toEqual([4]);
    for (let count = 0; count < 4; count += 1) await readOne();
    expect(read.map((text) => text.replace(/\.+$/, ""))).toEqual([
      "a",
      "b",
      "c",
      "d",
      "4 dropped",
      "e",
    ]);
  });

  it("are reported as dropped once the buffer is empty, even if no other line follows", async () => {
    const { write, reported, readOne } = createStalled();
    for (const name of ["a", "b", "c", "d", "lost"]) write(line(name));
    for (let count = 0; count < 4; count += 1) await readOne();
    expect(reported).toEqual([1]);
  });

  it("are complete if the reader does not stall", async () => {
    const { write, read, reported, readOne } = createStalled();
    for (let count = 0; count < 20; count += 1) {
      write(line(String(count)));
      await readOne();
    }
    expect(read).toHaveLength(20);
    expect(reported).toEqual([]);
  });
});
