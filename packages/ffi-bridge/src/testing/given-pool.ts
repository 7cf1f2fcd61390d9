import { type Mock, vi } from "vitest";

type Query = () => Promise<{ rows: unknown[] }>;

/** What looks like a pg Pool of the application's. */
export interface GivenPool {
  readonly connect: () => Promise<{ query: Query; release: () => void }>;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max: number };
  readonly query: Query;
  readonly end: Mock<() => void>;
}

export function createPool(query: Query): GivenPool {
  return {
    connect: async () => ({ query, release: () => undefined }),
    totalCount: 1,
    idleCount: 1,
    waitingCount: 0,
    options: { max: 10 },
    query,
    end: vi.fn<() => void>(),
  };
}
