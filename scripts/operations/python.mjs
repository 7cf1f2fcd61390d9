const types = { string: "str", integer: "int", number: "float", boolean: "bool" };

/** The Python client's methods. */
export function renderPython(operations) {
  return `"""A method for every operation. Written by scripts/generate-operations.mjs from the catalogue: change that, not this file."""

from __future__ import annotations

from typing import Any, Dict, Optional

Json = Dict[str, Any]


class Operations:
    def call(self, operation: str, params: Optional[Json] = None) -> Any:
        raise NotImplementedError

${operations.map(renderMethod).join("\n")}`;
}

function renderMethod({ name, method, summary, isText, params }) {
  const signature = ["self", ...params.map(renderParam)].join(", ");
  const result = isText ? "str" : "Json";
  return `    def ${method}(${signature}) -> ${result}:
        """${summary.replaceAll("`", "``")}"""
${renderBody(name, params)}`;
}

function renderBody(name, params) {
  if (params.length === 0) return `        return self.call("${name}")\n`;
  const dictionary = params.map((param) => `"${param.name}": ${param.name}`).join(", ");
  const given = params.every(({ isRequired }) => isRequired)
    ? "params"
    : "{key: value for key, value in params.items() if value is not None}";
  return `        params: Json = {${dictionary}}
        return self.call("${name}", ${given})
`;
}

function renderParam({ name, type, isRequired, default: value }) {
  const python = types[type] ?? "Any";
  if (isRequired) return `${name}: ${python}`;
  return value === undefined
    ? `${name}: Optional[${python}] = None`
    : `${name}: ${python} = ${literalOf(value)}`;
}

function literalOf(value) {
  return typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
}
