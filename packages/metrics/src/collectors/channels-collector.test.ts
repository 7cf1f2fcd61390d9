import { describe, expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { createChannelsCollector } from "./channels-collector.js";

const healthOf = async (length: number, capacity: number): Promise<number | undefined> => {
  const levels = () => [{ channel_name: "dispatch", component: "worker", length, capacity }];
  const { samples } = await collectOnce(createChannelsCollector({ channels: { levels } }));
  return samples["tasker_worker_channel_health{channel_name=dispatch,component=worker}"];
};

describe("the channels collector", () => {
  it.each([
    [0, 100, 0],
    [79, 100, 0],
    [80, 100, 1],
    [94, 100, 1],
    [95, 100, 2],
    [100, 100, 2],
    [27, 35, 0],
    [28, 35, 1],
    [19, 20, 2],
    [0, 0, 0],
    [1, 0, 2],
  ])("maps %d of %d to %d", async (length, capacity, health) => {
    await expect(healthOf(length, capacity)).resolves.toBe(health);
  });

  it("keeps channels apart whose names could be read as one another's labels", async () => {
    const levels = () => [
      { channel_name: "x,component:y", component: "z", length: 0, capacity: 10 },
      { channel_name: "x", component: "y,component:z", length: 10, capacity: 10 },
    ];
    const { samples } = await collectOnce(createChannelsCollector({ channels: { levels } }));
    expect(Object.values(samples)).toEqual([0, 2]);
  });

  it.each([
    [Number.NaN, 10],
    [1, Number.NaN],
    [-1, 10],
    [1, undefined as unknown as number],
  ])("rejects a level of %s of %s", async (length, capacity) => {
    await expect(healthOf(length, capacity)).rejects.toThrow(TypeError);
  });
});
