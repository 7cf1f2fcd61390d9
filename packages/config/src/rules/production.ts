import type { Settings } from "../schema/settings-schema.js";

/** Whether an environment's name says that it is the real one: `production` or `prod`, in any case of letters. */
export function isProduction(environment: string): boolean {
  return /^prod(?:uction)?$/i.test(environment);
}

/** A notice and no problem: the URL may be known where the worker runs, and not where its configuration is checked. */
export function productionNotices({ common }: Settings): readonly string[] {
  if (!isProduction(common.execution.environment) || !common.database.url.empty) return [];
  return [
    "common.database.url is empty (DATABASE_URL): a worker in production does not start without it, as the embedded database is deleted when its worker ends",
  ];
}
