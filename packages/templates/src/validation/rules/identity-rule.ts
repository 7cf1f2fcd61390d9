import { secretsIn } from "@tasker-observability/redact";
import { isNamespace, namespaceRule } from "@tasker-observability/core";
import { type Problem, toProblem } from "../../problem.js";
import type { TemplateIdentity } from "../../template-identity.js";
import type { Subject } from "../subject.js";

const namePattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
// The expression that semver.org suggests, without named groups.
const versionPattern =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

/** Namespace, name and version must have the form that queues, addresses and the registry need. */
export function identityRule({ identity }: Subject): readonly Problem[] {
  return [
    ...when(!isNamespace(identity.namespace), {
      code: "bad_namespace",
      path: ["namespace_name"],
      message: "No queue can be named after the namespace.",
      hint: `${namespaceRule}.`,
    }),
    ...when(!namePattern.test(identity.name), {
      code: "bad_name",
      path: ["name"],
      message: "The name cannot be used in URLs unchanged.",
      hint: "At most 64 characters: letters, digits, underscores, dots and dashes.",
    }),
    ...when(!(identity.version.length <= 64 && versionPattern.test(identity.version)), {
      code: "bad_version",
      path: ["version"],
      message: "The version is not a semantic version.",
      hint: "Three numbers: 1.0.0.",
    }),
    ...secretsInNames(identity),
  ];
}

/** Names are addresses, so they are listed unmasked: the author must change one that looks like a secret. */
function secretsInNames({ namespace, name, version }: TemplateIdentity): readonly Problem[] {
  const parts = [
    ["namespace_name", "namespace", namespace],
    ["name", "name", name],
    ["version", "version", version],
  ] as const;
  return parts
    .filter(([, , text]) => secretsIn(text).length > 0)
    .map(([key, what]) =>
      toProblem({
        severity: "warning",
        code: "secret_in_name",
        path: [key],
        message: `The ${what} looks like a secret, and is listed unmasked.`,
        hint: "Rename it; if it is a secret, replace the secret.",
      }),
    );
}

function when(isWrong: boolean, parts: Parameters<typeof toProblem>[0]): readonly Problem[] {
  return isWrong ? [toProblem(parts)] : [];
}
