import type { Settings } from "../schema/settings-schema.js";

/**
 * Whether an environment's name means production: it contains the word `production`, `prod`, `prd` or `live`, in any
 * case.
 */
export function isProduction(environment: string): boolean {
  return /(?:^|[-_.])(?:production|prod|prd|live)\d*(?:$|[-_.])/i.test(environment);
}

/**
 * A notice instead of a problem: the URL may be known only where the worker runs, not where its configuration is
 * checked.
 */
export function productionNotices({ common }: Settings): readonly string[] {
  const { environment } = common.execution;
  if (!common.database.url.empty || /^(?:development|test)$/.test(environment)) return [];
  return [
    isProduction(environment)
      ? "common.database.url is empty (DATABASE_URL): a worker in production does not start without it, because the embedded database is deleted when its worker stops"
      : `common.database.url is empty (DATABASE_URL): a worker in the environment ${environment} uses the embedded database, which is deleted when its worker stops`,
  ];
}
