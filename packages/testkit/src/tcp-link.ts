import { connect, type Socket } from "node:net";

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
}

/** One client's connection through the proxy, and the one to the target that it stands for. */
export class TcpLink {
  readonly #client: Socket;
  readonly #target: TcpTarget;
  readonly #onClose: () => void;
  #server: Socket | null = null;
  #isStalled = false;

  /** @param onClose called when neither side is open any more. */
  constructor(client: Socket, target: TcpTarget, onClose: () => void) {
    this.#client = client;
    this.#target = target;
    this.#onClose = onClose;
    this.#watch(client);
  }

  /** Whether the client is connected. */
  get open(): boolean {
    return !this.#client.destroyed;
  }

  /** Lets bytes pass, both ways, from where they stalled. */
  join(): void {
    this.#isStalled = false;
    this.#server ??= this.#watch(connect(this.#target));
    if (this.#client.destroyed || this.#server.destroyed) this.reset();
    this.#client.pipe(this.#server);
    this.#server.pipe(this.#client);
  }

  /** Nothing passes, neither bytes nor ends; whatever comes waits. */
  stall(): void {
    this.#isStalled = true;
    if (this.#server === null) return;
    this.#client.unpipe(this.#server).pause();
    this.#server.unpipe(this.#client).pause();
  }

  /** Both ends learn at once that the connection is gone. */
  reset(): void {
    this.#client.resetAndDestroy();
    this.#server?.resetAndDestroy();
  }

  #watch(socket: Socket): Socket {
    socket.on("error", () => undefined); // "close" follows, and says that it failed
    socket.once("close", (failed) => this.#closed(socket, failed));
    return socket.setNoDelay(true);
  }

  /** One side has closed: the other gets what is under way, and then the same end. */
  #closed(side: Socket, failed: boolean): void {
    const other = side === this.#client ? this.#server : this.#client;
    if (other === null || other.destroyed) this.#onClose();
    else if (this.#isStalled) return;
    else if (failed) other.resetAndDestroy();
    else other.destroySoon();
  }
}
