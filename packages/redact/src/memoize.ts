const mostEntries = 4_096;
const longestKey = 128;

/** Remembers a function's results for short texts, within a fixed amount of memory. */
export function memoize<Result extends string | boolean>(
  compute: (text: string) => Result,
): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = compute(text);
    if (text.length > longestKey) return result;
    if (results.size >= mostEntries) results.clear();
    results.set(text, result);
    return result;
  };
}
