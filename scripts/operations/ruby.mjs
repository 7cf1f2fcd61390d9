/** The Ruby client's methods. */
export function renderRuby(operations) {
  return `# frozen_string_literal: true

module TaskerCore
  module Observability
    # A method for every operation. Written by scripts/generate-operations.mjs from the catalogue: change that, not this file.
    module Operations
${operations.map(renderMethod).join("\n")}    end
  end
end
`;
}

function renderMethod({ name, method, summary, params }) {
  const signature = params.length === 0 ? "" : `(${params.map(renderParam).join(", ")})`;
  const given = params.map((param) => `, ${param.name}: ${param.name}`).join("");
  return `      # ${summary.replaceAll("`", "+")}
      def ${method}${signature}
        answer("${name}"${given})
      end
`;
}

/** As a keyword: optional where the schema has it so. */
export function renderParam({ name, isRequired, default: value }) {
  if (isRequired) return `${name}:`;
  return `${name}: ${value === undefined ? "nil" : JSON.stringify(value)}`;
}
