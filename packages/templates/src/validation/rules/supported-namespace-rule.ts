import { didYouMean } from "@tasker-observability/core";
import { type Problem, toProblem } from "../../problem.js";
import type { Subject } from "../subject.js";

/** This worker must serve the template's namespace. */
export function supportedNamespaceRule({
  identity,
  supportedNamespaces,
}: Subject): readonly Problem[] {
  if (supportedNamespaces?.includes(identity.namespace) ?? true) return [];
  return [
    toProblem({
      code: "unsupported_namespace",
      path: ["namespace_name"],
      message: `This worker does not serve the namespace ${JSON.stringify(identity.namespace)}.`,
      hint:
        didYouMean(identity.namespace, supportedNamespaces ?? []) ??
        "Add it to worker.namespaces, or run a worker that serves it.",
    }),
  ];
}
