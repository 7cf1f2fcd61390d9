import type { DescribedOperation, DescribedParam } from "./described-operations.js";

const types: Readonly<Record<string, string>> = {
  string: "str",
  integer: "int",
  number: "float",
  boolean: "bool",
};

/** The Python client's methods. */
export function renderPythonOperations(operations: readonly DescribedOperation[]): string {
  return `"""A method for every operation. Written by npm run generate from the catalogue: change that, not this file."""

from __future__ import annotations

from typing import Any, Dict, Optional

Json = Dict[str, Any]


class Operations:
    def call(self, operation: str, params: Optional[Json] = None) -> Any:
        raise NotImplementedError

${operations.map(renderMethod).join("\n")}`;
}

/** The codes that the Python client knows. */
export function renderPythonErrorCodes(codes: readonly string[]): string {
  return `"""The codes of errors. Written by npm run generate from core's list: change that, not this file."""

CODES = frozenset(
    (
${codes.map((code) => `        "${code}",\n`).join("")}    )
)
"""Every \`\`code\`\` that an error can have. What the socket itself rejects, such as one connection too many, is \`\`INTERNAL\`\`; the message says why."""
`;
}

function renderMethod({ name, method, summary, isText, params }: DescribedOperation): string {
  const signature = ["self", ...params.map(renderParam)].join(", ");
  const result = isText ? "str" : "Json";
  return `    def ${method}(${signature}) -> ${result}:
        """${summary.replaceAll("`", "``")}"""
${renderBody(name, params)}`;
}

function renderBody(name: string, params: readonly DescribedParam[]): string {
  if (params.length === 0) return `        return self.call("${name}")\n`;
  const dictionary = params.map((param) => `"${param.name}": ${param.name}`).join(", ");
  const given = params.every(({ isRequired }) => isRequired)
    ? "params"
    : "{key: value for key, value in params.items() if value is not None}";
  return `        params: Json = {${dictionary}}
        return self.call("${name}", ${given})
`;
}

function renderParam({ name, type, isRequired, default: value }: DescribedParam): string {
  const python = types[type ?? ""] ?? "Any";
  if (isRequired) return `${name}: ${python}`;
  return value === undefined
    ? `${name}: Optional[${python}] = None`
    : `${name}: ${python} = ${literalOf(value)}`;
}

function literalOf(value: unknown): string {
  return typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
}
