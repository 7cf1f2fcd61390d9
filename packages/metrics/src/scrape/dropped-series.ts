/** Counts, by family, the label sets that were folded into `__other__`. */
export class DroppedSeries {
  readonly #counts = new Map<string, number>();
  readonly #elsewhere = new Map<string, () => number>();

  /**
   * Lists the family with a count of zero, so that the first drop is seen as an increase.
   * @param elsewhere - how many were folded before they came here.
   */
  watch(family: string, elsewhere?: () => number): void {
    this.add(family, 0);
    if (elsewhere !== undefined) this.#elsewhere.set(family, elsewhere);
  }

  add(family: string, count = 1): void {
    this.#counts.set(family, (this.#counts.get(family) ?? 0) + count);
  }

  counts(): readonly (readonly [family: string, count: number])[] {
    return Array.from(
      this.#counts,
      ([family, count]) => [family, count + (this.#elsewhere.get(family)?.() ?? 0)] as const,
    );
  }
}
