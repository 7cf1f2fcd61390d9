# frozen_string_literal: true

module TaskerCore
  module Observability
    NOT_RUNNING = "Worker system not running"

    # Every +code+ that an Error can have.
    CODES = %w[
      WORKER_NOT_RUNNING SERVICE_NOT_INSTALLED TEMPLATE_NOT_FOUND NAMESPACE_NOT_SUPPORTED TEMPLATE_SOURCE_UNAVAILABLE
      INVALID_PARAMS CACHE_OPERATIONS_DISABLED UNAUTHORIZED FORBIDDEN ENDPOINT_NOT_FOUND METHOD_NOT_ALLOWED
      PAYLOAD_TOO_LARGE TIMEOUT INTERNAL
    ].freeze

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
