import { createTestDatabase } from "@tasker-observability/testkit";
import pg from "pg";
import { createPostgresSource } from "../sources/postgres-source.js";
import type { TemplateSource } from "../template-source.js";

/** A name that needs quotes. */
export const registrySchema = 'Tasker "2"';

const tables = `
create schema "Tasker ""2""";
set search_path to "Tasker ""2""";
create table task_namespaces (
  task_namespace_uuid uuid primary key default gen_random_uuid(), name varchar(64) not null unique, description varchar(255),
  created_at timestamp not null default now(), updated_at timestamp not null default now());
create table named_tasks (
  named_task_uuid uuid primary key default gen_random_uuid(), task_namespace_uuid uuid not null references task_namespaces, name varchar(64) not null,
  description varchar(255), version varchar(16) not null, configuration jsonb default '{}',
  created_at timestamp not null default now(), updated_at timestamp not null default now());
insert into task_namespaces (name) values ('payments'), ('orders'), ('cache'), ('empty'), ('secret');`;

/** Tasker's registry, in a database of its own. */
export interface Registry {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Adds a row. @param address - `namespace/name/version` */
  register(address: string, configuration: string | null, row?: RegistryRow): Promise<void>;
  /** A source that reads the registry. @param client - the registry's own pool by default */
  source(client?: pg.Pool): TemplateSource;
  drop(): Promise<void>;
}

export interface RegistryRow {
  readonly description?: string;
  readonly createdAt?: string;
}

export async function createRegistry(): Promise<Registry> {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  await pool.query(tables);
  return {
    url: database.url,
    pool,
    async register(address, configuration, { description, createdAt } = {}) {
      const [namespace, name, version] = address.split("/");
      await pool.query(
        `insert into "Tasker ""2""".named_tasks (task_namespace_uuid, name, version, configuration, description, created_at)
         select task_namespace_uuid, $2, $3, $4::jsonb, $5, $6 from "Tasker ""2""".task_namespaces where name = $1`,
        [
          namespace,
          name,
          version,
          configuration,
          description ?? null,
          createdAt ?? "2025-03-01 12:00:00.123",
        ],
      );
    },
    source: (client = pool) => createPostgresSource({ client, schema: registrySchema }),
    async drop() {
      await pool.end();
      await database.drop();
    },
  };
}
