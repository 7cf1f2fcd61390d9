import {
  type Clock,
  createSafeLogger,
  type Logger,
  silentLogger,
  systemClock,
} from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import { defineTemplate } from "../define-template.js";
import { isJsonObject } from "../json.js";
import { toListedTemplate } from "../listed-template.js";
import { type Problem, toProblem } from "../problem.js";
import type { TemplateIdentity } from "../template-identity.js";
import type {
  ListedTemplate,
  TemplateDefinition,
  TemplateListQuery,
  TemplatePage,
  TemplateSource,
} from "../template-source.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";
import { type ParsedJson, parseJsonTemplate } from "./parse-json-template.js";
import {
  type PostgresSourceOptions,
  postgresSourceOptionsSchema,
  type RegistryClient,
} from "./postgres-options.js";
import { registryStatements, type RegistryStatements } from "./registry-statements.js";

/**
 * A source over Tasker's registry: its tables `task_namespaces` and `named_tasks`.
 * It has no cache, because the service has one: every call runs one or two statements.
 *
 * @throws ObservabilityError INVALID_PARAMS that names every wrong option.
 * @example
 * createTemplateService({ context, source: createPostgresSource({ client: pool }) });
 */
export function createPostgresSource(options: PostgresSourceOptions): TemplateSource {
  return new PostgresSource(options);
}

class PostgresSource implements TemplateSource {
  readonly #client: RegistryClient;
  readonly #clock: Pick<Clock, "wallMs">;
  readonly #logger: Logger;
  readonly #statements: RegistryStatements;
  /** How many rows without an identity were logged last. */
  #reportedNameless = 0;

  constructor(options: PostgresSourceOptions) {
    const { client, clock, logger, schema } = parseOptions(
      "createPostgresSource",
      postgresSourceOptionsSchema,
      options,
    );
    this.#client = client;
    this.#clock = clock ?? systemClock;
    this.#logger = createSafeLogger(logger ?? silentLogger);
    this.#statements = registryStatements(schema);
  }

  async find(identity: TemplateIdentity): Promise<TemplateDefinition | null> {
    const { namespace, name, version } = identity;
    if (![namespace, name, version].every(isStorable)) return null;
    const { rows } = await this.#client.query(this.#statements.find, [
      namespace,
      name,
      version,
      maxBytes,
    ]);
    const [row] = rows;
    return row === undefined ? null : this.#toDefinition(identity, row);
  }

  refetch(identity: TemplateIdentity): Promise<TemplateDefinition | null> {
    return this.find(identity);
  }

  async list({ namespace, limit, offset }: TemplateListQuery): Promise<TemplatePage> {
    if (namespace !== null && !isStorable(namespace)) return { total: 0, templates: [] };
    const counted = await this.#client.query(this.#statements.count, [namespace]);
    this.#reportNameless(Number(counted.rows[0]?.nameless ?? 0));
    const listed = await this.#client.query(this.#statements.list, [
      namespace,
      limit,
      offset,
      maxBytes,
    ]);
    return { total: Number(counted.rows[0]?.total ?? 0), templates: listed.rows.map(toListed) };
  }

  async findAll({
    namespace,
    limit,
    offset,
  }: TemplateListQuery): Promise<readonly TemplateDefinition[]> {
    if (namespace !== null && !isStorable(namespace)) return [];
    const { rows } = await this.#client.query(this.#statements.list, [
      namespace,
      limit,
      offset,
      maxBytes,
    ]);
    return rows.flatMap((row) => this.#toDefinition(identityOf(row), row) ?? []);
  }

  async namespaces(): Promise<readonly string[]> {
    const { rows } = await this.#client.query(this.#statements.namespaces, []);
    return rows.map(({ namespace }) => String(namespace));
  }

  /** Such a row has no identity to ask for, so only the log can show it. */
  #reportNameless(count: number): void {
    if (count > 0 && count !== this.#reportedNameless)
      this.#logger(
        "warn",
        "template registry: rows that lack a namespace, a name or a version are not listed: complete or delete them",
        { code: "not_a_template", count },
      );
    this.#reportedNameless = count;
  }

  /** The row's own columns name the template, whatever its configuration says. */
  #toDefinition(
    { namespace, name, version }: TemplateIdentity,
    row: Readonly<Record<string, unknown>>,
  ): TemplateDefinition | null {
    const { value, dropped, problems: ofReading } = readRow(row);
    const problems = [...ofReading, ...validateUniqueness(row)];
    const configuration = isJsonObject(value)
      ? Object.freeze({ ...value, name, namespace_name: namespace, version })
      : value;
    const createdMs = row.created_ms === null ? this.#clock.wallMs() : Number(row.created_ms);
    const registeredAt = new Date(createdMs).toISOString();
    const { template, problems: all } = defineTemplate(configuration, {
      problems,
      dropped,
      registeredAt,
    });
    if (template !== null || namespace === "cache") return template;
    // It is registered, so callers may ask for it: it is unusable, with the reason, instead of missing.
    return Object.freeze({
      identity: Object.freeze({ namespace, name, version }),
      definition: Object.freeze({}),
      dropped: [...dropped, value ?? null],
      problems: all,
      registeredAt,
    });
  }
}

/** The limits of one row: those of a file. */
const { maxBytes } = defaultYamlLimits;

function readRow(row: Readonly<Record<string, unknown>>): ParsedJson {
  if (row.is_too_large !== true)
    return parseJsonTemplate(typeof row.configuration === "string" ? row.configuration : "{}");
  return {
    value: undefined,
    dropped: [],
    problems: [
      toProblem({
        code: "file_too_large",
        message: `The template is larger than ${maxBytes} bytes.`,
      }),
    ],
  };
}

/** A warning even if they differ: an error would make the template unusable. */
function validateUniqueness({
  row_count,
  are_same,
}: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (!(Number(row_count) > 1)) return [];
  const same = are_same === true ? ", with the same content" : "";
  return [
    toProblem({
      severity: "warning",
      code: "duplicate_template",
      path: ["name"],
      message: `${String(row_count)} rows of the registry have this identity${same}.`,
      hint: "The oldest is used: remove the others, or give them other versions.",
    }),
  ];
}

/** PostgreSQL stores no text with a NUL: no row can have such a name, and the query would fail. */
function isStorable(text: string): boolean {
  return !text.includes("\u0000");
}

function identityOf(row: Readonly<Record<string, unknown>>): TemplateIdentity {
  return { namespace: String(row.namespace), name: String(row.name), version: String(row.version) };
}

function toListed(row: Readonly<Record<string, unknown>>): ListedTemplate {
  const identity = identityOf(row);
  const step_count = Number(row.step_count);
  // Content that cannot be validated may contain a secret.
  if (typeof row.description !== "string" || row.is_too_large === true)
    return Object.freeze({ ...identity, description: null, step_count, definition: null });
  const text = typeof row.configuration === "string" ? row.configuration : "{}";
  const { value, dropped } = parseJsonTemplate(text);
  // Unusable templates, and values dropped on reading, may still contain a secret that the description repeats.
  const definition = isJsonObject(value) ? value : { configuration: text };
  return toListedTemplate(
    { ...identity, description: row.description, step_count },
    dropped.length === 0 ? definition : { definition, dropped },
  );
}
