import type { Settings } from "../schema/settings-schema.js";

/** Whether an environment's name says that it is the real one: `production`, `prod`, `prd` or `live` as a word of it, in any case of letters. */
export function isProduction(environment: string): boolean {
  return /(?:^|[-_.])(?:production|prod|prd|live)\d*(?:$|[-_.])/i.test(environment);
}

/** A notice and no problem: the URL may be known where the worker runs, and not where its configuration is checked. */
export function productionNotices({ common }: Settings): readonly string[] {
  const { environment } = common.execution;
  if (!common.database.url.empty || /^(?:development|test)$/.test(environment)) return [];
  return [
    isProduction(environment)
      ? "common.database.url is empty (DATABASE_URL): a worker in production does not start without it, because the embedded database is deleted when its worker stops"
      : `common.database.url is empty (DATABASE_URL): a worker in the environment ${environment} uses the embedded database, which is deleted when its worker stops`,
  ];
}
