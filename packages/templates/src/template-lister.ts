import type { Redactor } from "@tasker-observability/redact";
import type { SharedLoads } from "./cache/shared-loads.js";
import type { TemplateSummary } from "./schemas/template-list.js";
import type {
  ListedTemplate,
  TemplateListQuery,
  TemplatePage,
  TemplateSource,
} from "./template-source.js";

export interface TemplateListerOptions {
  readonly source: TemplateSource;
  readonly redactor: Redactor;
  readonly loads: SharedLoads<TemplatePage>;
}

/** One page as answered. */
export interface RedactedPage {
  readonly total: number;
  readonly templates: readonly TemplateSummary[];
}

/** Reads pages of the list. Concurrent callers share the same page. */
export class TemplateLister {
  readonly #options: TemplateListerOptions;
  readonly #redacted = new WeakMap<ListedTemplate, TemplateSummary>();

  constructor(options: TemplateListerOptions) {
    this.#options = options;
  }

  async page(query: TemplateListQuery): Promise<RedactedPage> {
    const { loads, source } = this.#options;
    const page = await loads.run(JSON.stringify(query), (signal) => source.list(query, signal));
    return { total: page.total, templates: page.templates.map((listed) => this.#redact(listed)) };
  }

  /** Once for each line of the source. */
  #redact(listed: ListedTemplate): TemplateSummary {
    const known = this.#redacted.get(listed);
    if (known !== undefined) return known;
    const { namespace, name, version, step_count } = listed;
    const redacted = Object.freeze({
      namespace,
      name,
      version,
      description: this.#describe(listed),
      step_count,
    });
    this.#redacted.set(listed, redacted);
    return redacted;
  }

  /** Redacted as in the template itself: text that looks like a secret, or is one elsewhere in the template. */
  #describe({ description, definition }: ListedTemplate): string | null {
    if (description === null || (definition === null && this.#isPlain(description)))
      return description;
    const redacted = this.#options.redactor.redact({ definition, description }).value as {
      readonly description: string;
    };
    return redacted.description;
  }

  /** Most descriptions are, and a page of them should be fast. The redactor reads text that may be JSON. */
  #isPlain(description: string): boolean {
    return (
      !/^\s*[[{"]/.test(description) && this.#options.redactor.text(description) === description
    );
  }
}
