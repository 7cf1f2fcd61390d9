import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A way to the database that counts how often a client waited for it. */
export interface RoundTrips {
  readonly url: string;
  count(): number;
}

/** Counts each time that the client speaks after the server. It ends with the test. */
export async function countRoundTrips(databaseUrl: string): Promise<RoundTrips> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let turns = 0;
  const listener = createServer((client) => {
    const server = connect(Number(port), hostname);
    let isClientsTurn = true;
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    client.on("data", (bytes) => {
      if (isClientsTurn) turns += 1;
      isClientsTurn = false;
      server.write(bytes);
    });
    server.on("data", (bytes) => {
      isClientsTurn = true;
      client.write(bytes);
    });
    client.on("end", () => server.end());
    server.on("end", () => client.end());
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((listener.address() as AddressInfo).port);
  return { url: url.href, count: () => turns };
}
