import type { JsonObject, JsonValue } from "./json.js";
import type { Problem } from "./problem.js";
import type { TemplateSummary } from "./schemas/template-list.js";
import type { TemplateIdentity } from "./template-identity.js";

/** A template as its source has it. */
export interface TemplateDefinition {
  readonly identity: TemplateIdentity;
  /** With aliases normalized, without the overrides of environments; frozen. */
  readonly definition: JsonObject;
  /**
   * Other content of its origin, such as the second value of a key, each nested in the keys of its path: its secrets
   * are masked in messages too. Default: none.
   */
  readonly dropped?: readonly JsonValue[] | undefined;
  /** The problems found on reading it. An error makes it unusable. */
  readonly problems: readonly Problem[];
  /** ISO 8601: when it became known to this source. */
  readonly registeredAt: string;
}

/** Which page of the list is wanted. */
export interface TemplateListQuery {
  /** Null: all. */
  readonly namespace: string | null;
  /** Null: no bound. */
  readonly limit: number | null;
  readonly offset: number;
}

/**
 * A line of the list, and the definition with which its description is redacted: a secret of the template is also one
 * in the description.
 */
export interface ListedTemplate extends TemplateSummary {
  /** The line's definition; null if the source has checked that the description repeats nothing of it. */
  readonly definition: JsonObject | null;
}

/** One page, in the order namespace, name, version, and how many templates there are within the filter. */
export interface TemplatePage {
  readonly total: number;
  readonly templates: readonly ListedTemplate[];
}

/**
 * A source of templates. Methods reject if the origin cannot be read, but not for a missing template.
 *
 * Callers handle time-outs and share concurrent calls.
 */
export interface TemplateSource {
  /** Null if there is none. May answer from an earlier reading. */
  find(identity: TemplateIdentity, signal: AbortSignal): Promise<TemplateDefinition | null>;
  /** Like `find`, but from the origin. Rejects if the origin is now unreadable. */
  refetch(identity: TemplateIdentity, signal: AbortSignal): Promise<TemplateDefinition | null>;
  /**
   * Like `find`, but for an origin that is now unreadable it returns the last content with its problems, not the
   * earlier version that is still served. Without this method, `find` is used.
   */
  findLatest?(identity: TemplateIdentity, signal: AbortSignal): Promise<TemplateDefinition | null>;
  /**
   * Like `find`, for all templates of a page at once, without problems between templates. Without this method, `find`
   * is called for each.
   */
  findAll?(query: TemplateListQuery, signal: AbortSignal): Promise<readonly TemplateDefinition[]>;
  /** The lines, each with its definition: the service redacts descriptions with it, and answers only with summaries. */
  list(query: TemplateListQuery, signal: AbortSignal): Promise<TemplatePage>;
  /** Sorted names of the namespaces that have a template. */
  namespaces(signal: AbortSignal): Promise<readonly string[]>;
  /** Calls the listener with changed and removed templates, if the source watches for changes. @returns a function that unsubscribes. */
  onChange?(listener: (identities: readonly TemplateIdentity[]) => void): () => void;
}
