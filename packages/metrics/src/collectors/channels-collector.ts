import { type Channels, portAnswers } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

const channelHealth: Family = {
  name: "tasker_worker_channel_health",
  type: "gauge",
  help: "How full the bounded buffer is: 0 healthy, 1 degraded (80 % and more), 2 critical (95 % and more).",
  labels: ["channel_name", "component"],
  merge: "max",
};

/** How full the worker's bounded buffers are. */
export function createChannelsCollector({ channels }: { readonly channels: Channels }): Collector {
  return {
    name: "channels",
    families: [channelHealth],
    async collect(readings) {
      for (const channel of portAnswers.channels(channels)) {
        readings.record(
          channelHealth,
          [channel.channel_name, channel.component],
          toHealth(channel.length, channel.capacity),
        );
      }
    },
  };
}

function toHealth(length: number, capacity: number): 0 | 1 | 2 {
  if (!(length >= 0 && capacity >= 0))
    throw new TypeError("A channel's length and capacity must be numbers from 0 up.");
  // In whole numbers: 0.8 * 35 is more than 28.
  if (length * 100 >= capacity * 95 && length > 0) return 2;
  return length * 100 >= capacity * 80 && length > 0 ? 1 : 0;
}
