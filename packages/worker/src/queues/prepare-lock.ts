/** The number of the advisory lock under which queues are changed: workers that start at once take turns. Arbitrary, the same for all. */
export const prepareLock = "7246313950142818";
