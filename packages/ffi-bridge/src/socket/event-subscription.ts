import { encodeEvent } from "./json-rpc.js";
import { maxFrameBytes } from "./frame-splitter.js";

/** Writes frames to a client. */
export interface FrameWriter {
  /** Whether the client can take another frame soon. */
  readonly canSend: () => boolean;
  readonly write: (frame: string) => void;
}

/** How much may wait for a slow subscriber; further events are dropped. */
export interface BufferLimits {
  readonly events: number;
  readonly bytes: number;
}

/** Sends one subscriber its events. Events beyond the limits are dropped; the next event says how many. */
export class EventSubscription {
  readonly #id: number;
  readonly #writer: FrameWriter;
  readonly #limits: BufferLimits;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #dropped = 0;

  constructor(id: number, writer: FrameWriter, limits: BufferLimits) {
    this.#id = id;
    this.#writer = writer;
    this.#limits = limits;
  }

  /** @returns false if the event was dropped. Never throws. */
  deliver(event: unknown): boolean {
    const frame = this.#encode(event);
    if (frame === null) return this.#drop();
    if (this.#waiting.length === 0 && this.#writer.canSend()) {
      this.#writer.write(frame);
      return true;
    }
    const bytes = Buffer.byteLength(frame);
    if (
      this.#waiting.length >= this.#limits.events ||
      this.#waitingBytes + bytes > this.#limits.bytes
    )
      return this.#drop();
    this.#waiting.push(frame);
    this.#waitingBytes += bytes;
    return true;
  }

  /** Sends waiting events while it can. */
  flush(): void {
    let sent = 0;
    for (; sent < this.#waiting.length && this.#writer.canSend(); sent += 1) {
      const frame = this.#waiting[sent] ?? "";
      this.#waitingBytes -= Buffer.byteLength(frame);
      this.#writer.write(frame);
    }
    if (sent > 0) this.#waiting = this.#waiting.slice(sent);
  }

  #encode(event: unknown): string | null {
    try {
      const frame = encodeEvent(this.#id, this.#dropped, event);
      return Buffer.byteLength(frame) > maxFrameBytes ? null : frame;
    } catch {
      // JSON cannot represent every payload.
      return null;
    }
  }

  #drop(): false {
    this.#dropped += 1;
    return false;
  }
}
