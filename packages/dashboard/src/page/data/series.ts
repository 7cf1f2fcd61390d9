/** A value at an instant of this browser's clock. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

const keptMs = 60 * 60_000;
const exactMs = 5 * 60_000;
const bucketMs = 10_000;

/** The last hour of a number: every sample of the last five minutes, before that the highest of each ten seconds. */
export class Series {
  #points: Point[] = [];
  #compactedAt = 0;

  get points(): readonly Point[] {
    return this.#points;
  }

  get last(): number | null {
    return this.#points.at(-1)?.value ?? null;
  }

  add(at: number, value: number): void {
    if (at <= (this.#points.at(-1)?.at ?? -Infinity)) return;
    this.#points.push({ at, value });
    if (at - this.#compactedAt < bucketMs) return;
    this.#compactedAt = at;
    this.#points = compact(this.#points, at);
  }
}

function compact(points: readonly Point[], now: number): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    if (now - point.at > keptMs) continue;
    const before = kept.at(-1);
    if (before === undefined || now - point.at <= exactMs || !isSameBucket(before, point))
      kept.push(point);
    else if (point.value > before.value) kept[kept.length - 1] = point;
  }
  return kept;
}

function isSameBucket(one: Point, other: Point): boolean {
  return Math.floor(one.at / bucketMs) === Math.floor(other.at / bucketMs);
}

/** Series by name, made when first asked for. */
export class SeriesByName {
  readonly #series = new Map<string, Series>();

  of(name: string): Series {
    const known = this.#series.get(name);
    if (known !== undefined) return known;
    const made = new Series();
    this.#series.set(name, made);
    return made;
  }
}
