import { describe, expect, it } from "vitest";
import { resolveConfig } from "../load-config.js";
import { problemsOf } from "../testing/config-folder.js";

const withBridge = (socket_path: string, heartbeat_file: string) =>
  resolveConfig({ worker: { bridge: { socket_path, heartbeat_file } } }, { env: {} });

describe("the bridge", () => {
  it.each([
    ["/run/orders/worker", "/run/orders/worker"],
    ["/run/orders/worker", "/run//orders/x/../worker"],
    ["worker", "./worker"],
  ])("has no heartbeat at its socket: %s, %s", (socket, heartbeat) => {
    expect(problemsOf(() => withBridge(socket, heartbeat))).toMatchObject([
      {
        path: "worker.bridge.heartbeat_file",
        message: expect.stringContaining("worker.bridge.socket_path"),
      },
    ]);
  });

  it.each([
    ["/run/orders/worker.sock", "/run/orders/heartbeat"],
    ["", ""],
    ["/run/orders/worker", ""],
    ["", "/run/orders/worker"],
  ])("takes both, either or none: %j, %j", (socket, heartbeat) => {
    expect(withBridge(socket, heartbeat).settings.worker.bridge).toMatchObject({
      socket_path: socket,
      heartbeat_file: heartbeat,
    });
  });
});
