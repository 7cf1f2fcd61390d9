import type { Route } from "../data/route.js";
import { setFilter } from "./filter.js";

/** The filter of a view and its place in a long list, both kept in the URL. */
export function useFilter({ segments, filter }: Route) {
  const all = Object.fromEntries(filter);
  const offset = Number(filter.get("offset") ?? 0) || 0;
  return {
    value: (name: string): string => filter.get(name) ?? "",
    /** Back to the first page, as the list is another. */
    change: (changed: Readonly<Record<string, string>>): void =>
      setFilter(segments, { ...all, offset: "", ...changed }),
    offset,
    move: (to: number): void => setFilter(segments, { ...all, offset: to === 0 ? "" : String(to) }),
  };
}

/** The rows of one page. */
export function pageOf<Row>(rows: readonly Row[], offset: number, limit: number): readonly Row[] {
  return rows.slice(offset, offset + limit);
}
