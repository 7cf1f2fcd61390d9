import { describe, expect, it } from "vitest";
import { serverArguments } from "./server-settings.js";

const settingsOf = (args: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    args
      .filter((arg) => arg !== "-c")
      .map((arg) => [arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)]),
  );

describe("serverArguments", () => {
  it("keeps the server to loopback, and out of every folder but its own", () => {
    expect(settingsOf(serverArguments({ port: 20_001, durable: true, settings: {} }))).toEqual({
      port: "20001",
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      dynamic_shared_memory_type: "mmap",
      log_min_messages: "log",
      log_checkpoints: "off",
    });
  });

  it("spares the disk if the data need not survive the machine", () => {
    expect(settingsOf(serverArguments({ port: 1, durable: false, settings: {} }))).toMatchObject({
      fsync: "off",
      full_page_writes: "off",
    });
  });

  it("lets the caller's settings win, whatever is in their values", () => {
    const settings = { fsync: "on", log_min_messages: "warning", "pgmq.x": "a=b c'" };
    expect(settingsOf(serverArguments({ port: 1, durable: false, settings }))).toMatchObject(
      settings,
    );
  });

  it.each(["port", "listen_addresses", "Unix_Socket_Directories", "data_directory"])(
    "refuses %s, which is the launcher's",
    (name) => {
      expect(() => serverArguments({ port: 1, durable: false, settings: { [name]: "x" } })).toThrow(
        `The setting ${name} is set by startEmbeddedPostgres itself`,
      );
    },
  );

  it.each(["", "a b", "-D", "a=b"])("refuses the name %j", (name) => {
    expect(() => serverArguments({ port: 1, durable: false, settings: { [name]: "x" } })).toThrow(
      "is not the name of a PostgreSQL setting",
    );
  });
});
