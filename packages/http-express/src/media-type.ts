interface MediaType {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
}

interface MediaRange extends MediaType {
  readonly quality: number;
}

/** Chooses among an operation's media types for one `Accept` header. */
export type MediaTypeChooser = (accept: string | undefined) => string;

/**
 * Prefers the highest quality, then the range that names the type most exactly, then the order in which the
 * operation lists them. A header that accepts none of them gets the first: a body of the wrong type tells a user
 * with a browser more than an empty 406 would.
 */
export function createMediaTypeChooser(offered: readonly [string, ...string[]]): MediaTypeChooser {
  const candidates = offered.map((mediaType) => ({ mediaType, parsed: parseMediaType(mediaType) }));
  return (accept) => {
    if (accept === undefined) return offered[0];
    const ranges = accept.split(",").map(parseMediaRange);
    let best = { mediaType: offered[0], quality: 0, exactness: -1 };
    for (const { mediaType, parsed } of candidates) {
      const { quality, exactness } = findBestRange(parsed, ranges);
      if (
        quality > best.quality ||
        (quality === best.quality && quality > 0 && exactness > best.exactness)
      ) {
        best = { mediaType, quality, exactness };
      }
    }
    return best.mediaType;
  };
}

/** The most exact matching range decides. */
function findBestRange(
  offered: MediaType,
  ranges: readonly MediaRange[],
): { quality: number; exactness: number } {
  let best = { quality: 0, exactness: -1 };
  for (const range of ranges) {
    const exactness = exactnessOf(offered, range);
    if (exactness > best.exactness) best = { quality: range.quality, exactness };
  }
  return best;
}

/** How exactly a range matches a type; -1 if it does not. Parameters that the type lacks are ignored. */
function exactnessOf(offered: MediaType, range: MediaRange): number {
  if (range.type === "*" && range.subtype === "*") return 0;
  if (range.type !== offered.type) return -1;
  if (range.subtype === "*") return 1;
  if (range.subtype !== offered.subtype) return -1;
  let exactness = 2;
  for (const [name, value] of range.parameters) {
    const own = offered.parameters.get(name);
    if (own === undefined) continue;
    if (own !== value) return -1;
    exactness += 1;
  }
  return exactness;
}

function parseMediaRange(text: string): MediaRange {
  const parsed = parseMediaType(text);
  const quality = Number(parsed.parameters.get("q") ?? "1");
  return { ...parsed, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

function parseMediaType(text: string): MediaType {
  const [essence = "", ...rest] = text.toLowerCase().split(";");
  const [type = "", subtype = ""] = essence.trim().split("/");
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const [name = "", value = ""] = parameter.split("=");
    parameters.set(name.trim(), value.trim().replace(/^"(.*)"$/, "$1"));
  }
  return { type, subtype, parameters };
}
