import type { JsonObject, JsonValue } from "./json.js";
import type { Problem } from "./problem.js";
import type { TemplateSummary } from "./schemas/template-list.js";
import type { TemplateIdentity } from "./template-identity.js";

/** A template as its source has it. */
export interface TemplateDefinition {
  readonly identity: TemplateIdentity;
  /** Aliases understood, overrides of environments not yet applied; frozen. */
  readonly definition: JsonObject;
  /**
   * What its origin says beside the definition, such as the second value of a key, each within the keys that lead to it:
   * a secret among it is cut out of messages too. Left out: nothing.
   */
  readonly dropped?: readonly JsonValue[] | undefined;
  /** What reading it found; an error keeps it from being used. */
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

/** A line of the list, and the definition that its description is redacted with: a secret of the template is one in its description too. */
export interface ListedTemplate extends TemplateSummary {
  /** The definition that the line is of; null if the source has seen that the description repeats nothing of it. */
  readonly definition: JsonObject | null;
}

/** One page, in the order namespace, name, version, and how many templates there are within the filter. */
export interface TemplatePage {
  readonly total: number;
  readonly templates: readonly ListedTemplate[];
}

/**
 * Where templates come from. Methods reject if the origin cannot be read, and never for a template that is not there.
 *
 * Time-outs and the sharing of concurrent calls are the caller's business.
 */
export interface TemplateSource {
  /** Null if there is none. It may answer from what was read before. */
  find(identity: TemplateIdentity, signal: AbortSignal): Promise<TemplateDefinition | null>;
  /** As `find`, but from the origin. Rejects if the origin now contains something unreadable. */
  refetch(identity: TemplateIdentity, signal: AbortSignal): Promise<TemplateDefinition | null>;
  /**
   * As `find`, but of an origin that contains something unreadable by now: what was read of it last, with its problems,
   * not the version before that is still served. Without this method, `find` is asked instead.
   */
  findLatest?(identity: TemplateIdentity, signal: AbortSignal): Promise<TemplateDefinition | null>;
  /** As `find`, of all templates of a page of the list at once, less what is wrong between templates. Without this method, each is asked for. */
  findAll?(query: TemplateListQuery, signal: AbortSignal): Promise<readonly TemplateDefinition[]>;
  /** The lines with the definition that each is of: the service redacts descriptions with it, and answers with summaries alone. */
  list(query: TemplateListQuery, signal: AbortSignal): Promise<TemplatePage>;
  /** Sorted names of the namespaces that have a template. */
  namespaces(signal: AbortSignal): Promise<readonly string[]>;
  /** Calls the listener with templates that changed or went, if the source watches for changes. @returns a function that unsubscribes. */
  onChange?(listener: (identities: readonly TemplateIdentity[]) => void): () => void;
}
