# frozen_string_literal: true

begin
  require "dry-struct"
rescue LoadError
  require "tasker_core/observability/plain_struct"
end

module TaskerCore
  module Observability
    # What the answers are built on.
    STRUCT_BASE = defined?(Dry::Struct) ? Class.new(Dry::Struct) { transform_keys(&:to_sym) } : PlainStruct
    private_constant :STRUCT_BASE
  end
end
