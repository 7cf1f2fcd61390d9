import type { Redactor } from "@tasker-observability/core/redact";
import type { SharedLoads } from "./cache/shared-loads.js";
import type { TemplateSummary } from "./schemas/template-list.js";
import type { TemplateListQuery, TemplatePage, TemplateSource } from "./template-source.js";

export interface TemplateListerOptions {
  readonly source: TemplateSource;
  readonly redactor: Redactor;
  readonly loads: SharedLoads<TemplatePage>;
}

/** Reads pages of the list; callers who want the same page at the same time share it. */
export class TemplateLister {
  readonly #options: TemplateListerOptions;
  readonly #redacted = new WeakMap<TemplateSummary, TemplateSummary>();

  constructor(options: TemplateListerOptions) {
    this.#options = options;
  }

  async page(query: TemplateListQuery): Promise<TemplatePage> {
    const { loads, source } = this.#options;
    const page = await loads.run(JSON.stringify(query), (signal) => source.list(query, signal));
    return { total: page.total, templates: page.templates.map((summary) => this.#redact(summary)) };
  }

  /** A description is free text: what looks like a secret in it goes. Once for each line that the source keeps. */
  #redact(summary: TemplateSummary): TemplateSummary {
    if (summary.description === null) return summary;
    const known = this.#redacted.get(summary);
    if (known !== undefined) return known;
    const redacted = Object.freeze({ ...summary, description: this.#options.redactor.text(summary.description) });
    this.#redacted.set(summary, redacted);
    return redacted;
  }
}
