# frozen_string_literal: true

module TaskerCore
  module Observability
    # Every +code+ that an Error can have. Written by npm run generate from core's list: change that, not this file.
    CODES = %w[
      WORKER_NOT_RUNNING
      SERVICE_NOT_INSTALLED
      TEMPLATE_NOT_FOUND
      NAMESPACE_NOT_SUPPORTED
      TEMPLATE_SOURCE_UNAVAILABLE
      DATABASE_UNAVAILABLE
      INVALID_PARAMS
      CACHE_OPERATIONS_DISABLED
      UNAUTHORIZED
      FORBIDDEN
      ENDPOINT_NOT_FOUND
      METHOD_NOT_ALLOWED
      PAYLOAD_TOO_LARGE
      TIMEOUT
      INTERNAL
    ].freeze
  end
end
