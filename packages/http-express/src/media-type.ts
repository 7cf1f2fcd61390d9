import Negotiator from "negotiator";

/** Chooses among an operation's media types for one `Accept` header. */
export type MediaTypeChooser = (accept: string | undefined) => string;

const parameter = /;\s*([\w!#$&.+^-]+)\s*=\s*("[^"]*"|[^;,]*)/g;

/**
 * Prefers the highest quality, then the most specific range, then the first range.
 * A header that accepts none of them gets the operation's first: a body of the wrong type tells a user with a browser
 * more than an empty 406 would.
 */
export function createMediaTypeChooser(offered: readonly [string, ...string[]]): MediaTypeChooser {
  const known = new Set(["q"]);
  for (const mediaType of offered)
    for (const [, name = ""] of mediaType.matchAll(parameter)) known.add(name.toLowerCase());
  return (accept) => {
    if (accept === undefined) return offered[0];
    // Prometheus asks for `escaping=…` too: parameters that no offered type has do not matter.
    const asked = accept.replaceAll(parameter, (whole, name: string) =>
      known.has(name.toLowerCase()) ? whole : "",
    );
    return new Negotiator({ headers: { accept: asked } }).mediaType(offered) ?? offered[0];
  };
}
