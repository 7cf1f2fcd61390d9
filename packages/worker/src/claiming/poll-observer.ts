/** Is called with what polling finds out about notifications. Must not throw. */
export interface PollObserver {
  /** A queue that was missing can be claimed from again. */
  queueRecreated(queueName: string): void;
  /** Polling found new messages that no notification announced. */
  missedNotification(queueName: string): void;
}
