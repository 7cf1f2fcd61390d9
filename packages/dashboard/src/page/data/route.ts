/** What the part of the URL after `#` names: a view, and how it is filtered. */
export interface Route {
  /** Decoded segments; the first is the view's name, empty for the overview. */
  readonly segments: readonly string[];
  readonly filter: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const segments = path.split("/").filter((segment) => segment !== "");
  return { segments: segments.map(decode), filter: new URLSearchParams(query) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The URL of a view. Filters that are empty are left out. */
export function hashOf(
  segments: readonly string[],
  filter: Readonly<Record<string, string>> = {},
): string {
  const set = Object.entries(filter).filter(([, value]) => value !== "");
  const query = new URLSearchParams(set).toString();
  return `#/${segments.map(encodeURIComponent).join("/")}${query === "" ? "" : `?${query}`}`;
}
