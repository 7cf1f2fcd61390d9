import { Secret, validateDatabaseUrl } from "@tasker-observability/config";
import { problemOf, textProblemOf, unknownOption } from "@tasker-observability/core/options";
import {
  isPgPool,
  isPostgresSql,
  isStatementClient,
  type PgPoolLike,
  type PostgresSqlLike,
} from "@tasker-observability/postgres";
import { parseIntoClientConfig } from "pg-connection-string";
import * as z from "zod";
import { isSecretText, type SecretText, toSecret } from "./option-types.js";

/** The application's own pool, which the worker uses and leaves open. */
export type GivenPool = PgPoolLike | PostgresSqlLike;

/** Answers the password of a connection that is about to be opened. */
export type AskPassword = () => string | Promise<string>;

/** A server that the worker opens its own pool on. */
export interface ConnectionSettings<Url> {
  readonly url: Url;
  /** Asked for each connection, as for RDS' IAM tokens. @default that of the URL */
  readonly password?: AskPassword | undefined;
}

type DatabaseInput = SecretText | ConnectionSettings<SecretText> | GivenPool;

/** Recognizes the application's own pool. */
export function isGivenPool(value: unknown): value is GivenPool {
  return isPgPool(value) || isPostgresSql(value);
}

/** The server on which the worker opens its own pool. */
export function connectionSettingsOf(
  database: Secret | ConnectionSettings<Secret> | GivenPool | undefined,
): ConnectionSettings<Secret> | undefined {
  if (isGivenPool(database)) return undefined;
  return database instanceof Secret ? { url: database } : database;
}

/** A URL, for which the worker opens its own pool, or the application's pool. */
export const databaseOption: z.ZodType<
  Secret | ConnectionSettings<Secret> | GivenPool,
  DatabaseInput
> = z
  .custom<DatabaseInput>((value) => problemOfDatabase(["database"], value) === null, {
    error: ({ path = [], input }) => problemOfDatabase(path, input) ?? "",
  })
  .transform((value) => {
    if (isGivenPool(value)) return value;
    return isSecretText(value) ? toSecret(value) : { ...value, url: toSecret(value.url) };
  })
  .meta({ type: "URL, `{ url, password }`, `pg` Pool or postgres.js `sql`" });

function problemOfDatabase(path: readonly PropertyKey[], value: unknown): string | null {
  const name = path.join(".");
  if (isGivenPool(value)) return null;
  if (isSecretText(value)) return problemOfUrl(name, value);
  if (isServer(value)) return problemOfServer(name, value);
  return isStatementClient(value)
    ? `${name} must be a URL, a pg Pool or postgres.js' sql: a worker takes connections out of it, and listens. Give it the pool below your library's handle, such as db.$client of Drizzle or db.$pool of pg-promise, or a new pg.Pool({ connectionString }).`
    : textProblemOf(path, "a URL such as postgres://…, a pg Pool or postgres.js' sql", value);
}

function problemOfUrl(name: string, url: SecretText): string | null {
  const problem = validateDatabaseUrl(toSecret(url).reveal());
  return problem === null ? null : `${name} ${problem}.`;
}

function isServer(value: unknown): value is ConnectionSettings<SecretText> {
  return typeof value === "object" && value !== null && "url" in value && isSecretText(value.url);
}

function problemOfServer(
  name: string,
  { url, password, ...others }: ConnectionSettings<SecretText>,
): string | null {
  const [other] = Object.keys(others);
  if (other !== undefined) return unknownOption(name, other, ["url", "password"]);
  if (password !== undefined && typeof password !== "function")
    return problemOf([name, "password"], "a function that answers the password", password);
  const problem = problemOfUrl(`${name}.url`, url);
  if (problem !== null || password === undefined) return problem;
  return hasPassword(toSecret(url).reveal())
    ? `${name}.url contains a password: leave it out, as ${name}.password answers it.`
    : null;
}

/** Whether a URL contains a password. */
export function hasPassword(url: string): boolean {
  return (parseIntoClientConfig(url).password ?? "") !== "";
}
