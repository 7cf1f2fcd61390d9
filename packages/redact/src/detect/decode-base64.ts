/**
 * Decodes base64 or base64url, padded or not, into one character per byte; "" if the text is neither. Like Node's
 * Buffer, but in any runtime.
 */
export function decodeBase64(text: string): string {
  const digits = text.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
  try {
    // A single last digit is not a whole byte.
    return atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  } catch {
    return "";
  }
}
