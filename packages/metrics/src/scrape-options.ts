import type { OPENMETRICS_TEXT, PROMETHEUS_TEXT } from "./media-types.js";

/** Options of one scrape. */
export interface ScrapeOptions {
  /** How long the caller waits, in milliseconds. The answer omits what was not read in nine tenths of that time. @default Infinity */
  readonly budgetMs?: number | undefined;
}

/** Options of one scrape as text. */
export interface TextScrapeOptions extends ScrapeOptions {
  /** @default PROMETHEUS_TEXT */
  readonly mediaType?: typeof PROMETHEUS_TEXT | typeof OPENMETRICS_TEXT | undefined;
}
