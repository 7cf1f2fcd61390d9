import type { DescribedOperation, DescribedParam } from "./described-operations.js";

/** The Ruby client's methods. */
export function renderRubyOperations(operations: readonly DescribedOperation[]): string {
  return `# frozen_string_literal: true

module TaskerCore
  module Observability
    # A method for every operation. Written by npm run generate from the catalogue: change that, not this file.
    module Operations
${operations.map(renderMethod).join("\n")}    end
  end
end
`;
}

/** The codes that the Ruby client knows. */
export function renderRubyErrorCodes(codes: readonly string[]): string {
  return `# frozen_string_literal: true

module TaskerCore
  module Observability
    # Every +code+ that an Error can have. Written by npm run generate from core's list: change that, not this file.
    CODES = %w[
${codes.map((code) => `      ${code}\n`).join("")}    ].freeze
  end
end
`;
}

function renderMethod({ name, method, summary, params }: DescribedOperation): string {
  const signature = params.length === 0 ? "" : `(${params.map(renderParam).join(", ")})`;
  const given = params.map((param) => `, ${param.name}: ${param.name}`).join("");
  return `      # ${summary.replaceAll("`", "+")}
      def ${method}${signature}
        answer("${name}"${given})
      end
`;
}

/** As a keyword: optional where the schema has it so. */
export function renderParam({ name, isRequired, default: value }: DescribedParam): string {
  if (isRequired) return `${name}:`;
  return `${name}: ${value === undefined ? "nil" : JSON.stringify(value)}`;
}
