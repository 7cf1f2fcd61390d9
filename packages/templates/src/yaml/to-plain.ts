import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import type { Position, Problem } from "../problem.js";
import { nearestNumber } from "../number-problem.js";
import { isAnyNumberPlace, isNumberPlace, isTextPlace, isWholePlace } from "./known-places.js";
import {
  beyond64Bits,
  notJson,
  notWhole,
  readAsText,
  untilLimit,
  YamlFindings,
} from "./yaml-findings.js";
import type { YamlLimits } from "./yaml-limits.js";
import { hasLeadingZero, isBeyond64Bits, isKept, isNamedNumber, isWhole } from "./yaml-numbers.js";
import { passedOverTag, readingOf, unreadTag } from "./yaml-tags.js";

/** Plain data from YAML nodes. */
export interface Plain {
  /** Deeply frozen; undefined if a limit ended the reading. */
  readonly value: JsonValue | undefined;
  /** Values that were read and dropped, each nested in the keys of its path: they can contain secrets too. */
  readonly dropped: readonly JsonValue[];
  readonly problems: readonly Problem[];
}

/**
 * Turns a parsed document into plain JSON data in one pass, and finds values that JSON cannot represent, duplicate
 * keys, `__proto__` keys, and aliases that would inflate the document.
 */
export function toPlain(
  root: unknown,
  limits: YamlLimits,
  at: (offset: number) => Position,
): Plain {
  const findings = new YamlFindings(at);
  const value = untilLimit(() => new Converter(limits, findings).convert(root, 0));
  return { value, dropped: findings.dropped, problems: findings.problems };
}

interface Anchored {
  readonly node: unknown;
  /** Undefined while the anchored node is being read: an alias to it would contain itself. */
  value: JsonValue | undefined;
  size: number;
}

class Converter {
  readonly #limits: YamlLimits;
  readonly #findings: YamlFindings;
  readonly #anchors = new Map<string, Anchored>();
  /** Characters and nodes read so far, and how many of them aliases repeated. */
  #size = 0;
  #repeated = 0;

  constructor(limits: YamlLimits, findings: YamlFindings) {
    this.#limits = limits;
    this.#findings = findings;
  }

  convert(node: unknown, depth: number): JsonValue {
    if (isAlias(node)) return this.#repeat(node.source, node.range?.[0]);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    if (node.anchor === undefined) return this.#content(node, depth);
    const anchored: Anchored = { node, value: undefined, size: this.#size };
    this.#anchors.set(node.anchor, anchored);
    anchored.value = this.#content(node, depth);
    anchored.size = this.#size - anchored.size;
    return anchored.value;
  }

  #content(node: Scalar | YAMLMap | YAMLSeq, depth: number): JsonValue {
    this.#tag(node);
    if (isScalar(node)) return this.#scalar(node);
    if (depth >= this.#limits.maxDepth) {
      throw this.#findings.limitReached(
        "too_deep",
        `Collections are nested more than ${this.#limits.maxDepth} levels deep.`,
        node.range?.[0],
      );
    }
    return Object.freeze(isMap(node) ? this.#map(node, depth + 1) : this.#seq(node, depth + 1));
  }

  #tag({ tag, range }: Scalar | YAMLMap | YAMLSeq): void {
    const reading = tag === undefined ? "plain" : readingOf(tag);
    if (reading === "not_read") this.#findings.report(unreadTag, range?.[0]);
    if (reading === "passed_over") this.#findings.warn(passedOverTag, range?.[0]);
  }

  #seq(node: YAMLSeq, depth: number): JsonValue[] {
    this.#size += 1;
    return node.items.map((item, index) =>
      this.#findings.within(index, () => this.convert(item, depth)),
    );
  }

  #map(node: YAMLMap, depth: number): JsonObject {
    this.#size += 1;
    const map: Record<string, JsonValue> = {};
    const merged: { readonly source: JsonValue; readonly isAlias: boolean }[] = [];
    for (const pair of node.items) {
      if (isMergeKey(pair))
        merged.push({ source: this.convert(pair.value, depth), isAlias: isAlias(pair.value) });
      else this.#entry(map, pair, depth);
    }
    for (const { source, isAlias } of merged) {
      this.#merge(map, source, node.range?.[0]);
      // An aliased value is kept at its anchor.
      if (!isAlias) this.#findings.drop(source);
    }
    return map;
  }

  #entry(map: Record<string, JsonValue>, pair: Pair, depth: number): void {
    const key =
      isScalar(pair.key) && typeof pair.key.value === "string" ? pair.key.value : undefined;
    const offset = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    if (key === undefined) {
      this.#findings.report({ code: "yaml_key", message: "A key is not a plain string." }, offset);
      this.#findings.drop(this.convert(pair.value, depth));
      return;
    }
    this.#size += key.length;
    this.#findings.within(key, () => {
      const value = this.convert(pair.value, depth);
      if (key !== "__proto__" && !Object.hasOwn(map, key)) {
        map[key] = value;
        return;
      }
      this.#findings.drop(value);
      if (key === "__proto__")
        this.#findings.report(
          { code: "proto_key", message: "The key __proto__ is not allowed." },
          offset,
        );
      else
        this.#findings.report(
          {
            code: "duplicate_key",
            message: `The key ${JSON.stringify(key)} appears twice.`,
            hint: "Keep one of them.",
          },
          offset,
        );
    });
  }

  /** The YAML merge key: the map's own keys win, then the earlier source. */
  #merge(map: Record<string, JsonValue>, source: JsonValue, offset: number | undefined): void {
    const sources = isJsonArray(source) ? source : [source];
    for (const each of sources) {
      if (!isJsonObject(each)) {
        this.#findings.report(
          {
            code: "yaml_alias",
            message: "A merge key (<<) takes a mapping, or a list of mappings.",
          },
          offset,
        );
        continue;
      }
      for (const [key, value] of Object.entries(each))
        if (!Object.hasOwn(map, key)) map[key] = value;
    }
  }

  #scalar(node: Scalar): JsonValue {
    const { value, source, range } = node;
    this.#size += typeof value === "string" ? value.length + 1 : 1;
    if (typeof value === "string" || value === null) return value;
    if (source !== undefined && this.#isText(node)) {
      this.#findings.warn(readAsText, range?.[0]);
      return source;
    }
    if (typeof value === "boolean") return value;
    if (typeof value === "number") return this.#number(value, node);
    this.#findings.report(
      { code: "not_json", message: "JSON cannot represent this value." },
      range?.[0],
    );
    return null;
  }

  /** Tasker reads a number or a word as text where its types require text, and everywhere if it begins with 0. */
  #isText({ value, source }: Scalar): boolean {
    const { path } = this.#findings;
    if (typeof value === "number" && hasLeadingZero(source)) return !isNumberPlace(path);
    return (typeof value === "number" || typeof value === "boolean") && isTextPlace(path);
  }

  #number(value: number, { source, range }: Scalar): JsonValue {
    const { path } = this.#findings;
    if (isWholePlace(path) && !isWhole(source)) this.#findings.warn(notWhole, range?.[0]);
    if (isAnyNumberPlace(path) && isBeyond64Bits(source))
      this.#findings.warn(beyond64Bits, range?.[0]);
    if (isNamedNumber(source)) {
      this.#findings.warn(notJson, range?.[0]);
      return nearestNumber(path, value);
    }
    if (isKept(source, value)) return value;
    this.#findings.reportInexact(range?.[0]);
    this.#findings.drop(source ?? null);
    return Number.isFinite(value) ? value : (nearestNumber(path, value) ?? source ?? null);
  }

  #repeat(name: string, offset: number | undefined): JsonValue {
    const anchored = this.#anchors.get(name);
    if (anchored?.value === undefined) {
      this.#findings.report(
        {
          code: "yaml_alias",
          message:
            anchored === undefined
              ? "An alias names an anchor that does not come before it."
              : "An alias is inside the value that it names.",
        },
        offset,
      );
      return null;
    }
    this.#size += anchored.size;
    this.#repeated += anchored.size;
    if (this.#repeated > this.#limits.maxBytes) {
      throw this.#findings.limitReached(
        "yaml_alias",
        `The aliases expand to more than ${this.#limits.maxBytes} bytes.`,
        offset,
      );
    }
    // A scalar can be text in one place and a number in another.
    return isScalar(anchored.node) ? this.#scalar(anchored.node) : anchored.value;
  }
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === "<<" && pair.key.type === "PLAIN";
}
