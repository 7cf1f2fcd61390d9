/**
 * The number of the advisory lock for changing queues: workers that start together take turns. Arbitrary, the same
 * for all workers.
 */
export const prepareLock = "7246313950142818";
