# frozen_string_literal: true

require "tasker_core/observability/error_codes"

module TaskerCore
  module Observability
    NOT_RUNNING = "Worker system not running"

    # An error of the worker or of the connection to it.
    class Error < RuntimeError
      # One of CODES.
      attr_reader :code

      def initialize(code, message)
        super(message)
        @code = code
      end

      # The error in a worker's answer; a name that is not in CODES, such as too_many_connections, is INTERNAL, and the message says why.
      def self.from(answered)
        fields = answered.is_a?(Hash) ? answered : {}
        data = fields["data"]
        code = data.is_a?(Hash) ? data["error"].to_s.upcase : ""
        new(CODES.include?(code) ? code : "INTERNAL", (fields["message"] || "The worker rejected the call.").to_s)
      end
    end
  end
end
