/** What stands in the place of a secret: one fixed text, so that neither its length nor its ends say anything. */
export const MASK = "***REDACTED***";
