import type { Leaf } from "./walk.js";

const findingTexts = new Set<string | number>(["message", "hint"]);

/**
 * Whether a leaf is text for people by its place: a `description`, one of the `issues`, or what one of the `findings`
 * says. Of such a text a reader needs the rest, where of any other value that holds a secret nobody does.
 */
export function isProseField({ segment, parent }: Pick<Leaf, "segment" | "parent">): boolean {
  if (segment === "description") return true;
  if (parent?.kind === "list") return parent.segment === "issues";
  return (
    findingTexts.has(segment) &&
    parent?.parent?.kind === "list" &&
    parent.parent.segment === "findings"
  );
}
