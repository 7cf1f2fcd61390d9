import { encodeEvent } from "./json-rpc.js";
import { maxFrameBytes } from "./frame-splitter.js";

/** Where frames go. */
export interface FrameWriter {
  /** Whether a frame would leave soon. */
  readonly hasRoom: () => boolean;
  readonly write: (frame: string) => void;
}

/** Events that wait for a subscriber that reads too slowly; beyond these they are dropped. */
export interface BufferLimits {
  readonly events: number;
  readonly bytes: number;
}

/** One subscriber's events on their way out. What does not fit is dropped, counted, and told with the next one. */
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

  /** @returns false where the event was dropped. Never throws. */
  deliver(event: unknown): boolean {
    const frame = this.#encode(event);
    if (frame === null) return this.#drop();
    if (this.#waiting.length === 0 && this.#writer.hasRoom()) {
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

  /** Sends what waits, as far as there is room. */
  flush(): void {
    let sent = 0;
    for (; sent < this.#waiting.length && this.#writer.hasRoom(); sent += 1) {
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
      // A payload can hold what JSON cannot.
      return null;
    }
  }

  #drop(): false {
    this.#dropped += 1;
    return false;
  }
}
