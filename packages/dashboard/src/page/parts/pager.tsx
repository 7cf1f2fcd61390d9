import { countText } from "../data/texts.js";

export interface PagerProps {
  /** What is paged, as a plural. */
  readonly what: string;
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
  readonly onMove: (offset: number) => void;
}

/** Which part of a long list is shown, and the way to the others. Nothing where all fits. */
export function Pager({ what, offset, limit, total, onMove }: PagerProps) {
  if (total <= limit && offset === 0) return null;
  const last = Math.min(total, offset + limit);
  return (
    <nav class="pager" aria-label={`Pages of ${what}`}>
      <button
        type="button"
        disabled={offset === 0}
        onClick={() => onMove(Math.max(0, offset - limit))}
      >
        Previous
      </button>
      <span>
        {countText(total === 0 ? 0 : offset + 1)}–{countText(last)} of {countText(total)}
      </span>
      <button type="button" disabled={last >= total} onClick={() => onMove(offset + limit)}>
        Next
      </button>
    </nav>
  );
}
