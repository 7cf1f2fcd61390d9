import type { ErrorCode } from "./error-codes.js";

/** The answer of a transport without writes to a write. */
export interface WritesDisabled {
  readonly code: ErrorCode;
  /** Without a full stop: what enables writes may follow. */
  readonly message: string;
}

const writesDisabled: WritesDisabled = {
  code: "FORBIDDEN",
  message: "This operation changes the worker's state, and this transport offers no writes",
};

const cacheOperationsDisabled: WritesDisabled = {
  code: "CACHE_OPERATIONS_DISABLED",
  message: "Cache operations are disabled on this transport",
};

interface GroupFacts {
  /** One sentence for documents. */
  readonly description: string;
  readonly writesDisabled: WritesDisabled;
}

/**
 * Groups can be left out of HTTP one by one. `custom` contains the operations that an application defines, `openapi`
 * the document that describes the endpoints, `dashboard` the page at `/` and the index that programs get there.
 */
export const operationGroups = {
  health: {
    description: "Whether the worker is alive and ready, and what each check found.",
    writesDisabled,
  },
  metrics: { description: "The worker's numbers, for Prometheus and as data.", writesDisabled },
  templates: {
    description: "The task templates that the worker serves, and their cache.",
    writesDisabled: cacheOperationsDisabled,
  },
  config: { description: "The configuration in use, secrets masked.", writesDisabled },
  work: {
    description: "The worker's queues, running steps, dead letters and fleet.",
    writesDisabled,
  },
  custom: { description: "Operations that the application defines.", writesDisabled },
  dashboard: { description: "The page at `/`, and the index of the endpoints.", writesDisabled },
  openapi: { description: "The OpenAPI document of the endpoints.", writesDisabled },
} as const satisfies Readonly<Record<string, GroupFacts>>;

/** The name of a group of operations. */
export type OperationGroup = keyof typeof operationGroups;
