import { changeSchema, type PgmqConnection, type SchemaChangeOptions } from "./change-schema.js";
import { readPgmqScript } from "./pgmq-script.js";

/** What {@link installPgmq} did: nothing, `CREATE EXTENSION`, or the bundled script. */
export type PgmqInstallation =
  | { readonly installed: false; readonly how: "present" }
  | { readonly installed: true; readonly how: "extension" | "script" };

/** Two workers that start at once: the second waits here, and then finds PGMQ present. An arbitrary number, the same for all. */
const installLock = "7246313950142817";

/**
 * Makes sure that the database has PGMQ: as the server's extension where it offers one, else from the bundled script.
 * All or nothing, and safe to run from many workers at once.
 *
 * ```ts
 * const client = await pool.connect();
 * await installPgmq(client).finally(() => client.release());
 * ```
 *
 * @throws Error that names the missing right and the statement that grants it; whatever else the database answers, as it is.
 */
export async function installPgmq(
  client: PgmqConnection,
  options: Omit<SchemaChangeOptions, "lock"> = {},
): Promise<PgmqInstallation> {
  if (await isPresent(client)) return { installed: false, how: "present" };
  try {
    return await changeSchema(client, { ...options, lock: installLock }, () =>
      installInTransaction(client),
    );
  } catch (error) {
    throw isMissingRight(error) ? await missingRight(client, error) : error;
  }
}

async function installInTransaction(client: PgmqConnection): Promise<PgmqInstallation> {
  if (await isPresent(client)) return { installed: false, how: "present" };
  const how = (await isOffered(client)) ? "extension" : "script";
  await client.query(how === "extension" ? "create extension pgmq" : await readPgmqScript());
  return { installed: true, how };
}

/** By the catalogue, which needs no right on the schema. */
async function isPresent(client: PgmqConnection): Promise<boolean> {
  return answersYes(
    client,
    "select exists (select from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname = 'pgmq' and p.proname = 'create') as yes",
  );
}

async function isOffered(client: PgmqConnection): Promise<boolean> {
  return answersYes(
    client,
    "select exists (select from pg_catalog.pg_available_extensions where name = 'pgmq') as yes",
  );
}

async function answersYes(client: PgmqConnection, question: string): Promise<boolean> {
  const { rows } = await client.query(question);
  return (rows[0] as { yes: boolean } | undefined)?.yes === true;
}

function isMissingRight(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "42501";
}

async function missingRight(client: PgmqConnection, cause: unknown): Promise<Error> {
  const { rows } = await client.query(
    `select exists (select from pg_catalog.pg_available_extension_versions where name = 'pgmq' and superuser and not trusted) as is_for_superusers,
            format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user)
              || case when exists (select from pg_catalog.pg_namespace where nspname = 'pgmq')
                      then format('; GRANT USAGE, CREATE ON SCHEMA pgmq TO %I', current_user) else '' end as grants`,
  );
  const { is_for_superusers, grants } = rows[0] as { is_for_superusers: boolean; grants: string };
  const advice = is_for_superusers
    ? "A superuser can run: CREATE EXTENSION pgmq;"
    : `An administrator can run: ${grants}; or can install PGMQ (CREATE EXTENSION pgmq, where the server offers it) and grant this role its use.`;
  return new Error(
    `PGMQ is not installed in this database, and this role lacks the right to install it${is_for_superusers ? "" : " (CREATE on the database)"}. ${advice}`,
    { cause },
  );
}
