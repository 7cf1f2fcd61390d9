# frozen_string_literal: true

require "json"
require "time"
require "tasker_core/observability/client"
require "tasker_core/observability/operations"
require "tasker_core/observability/types"

module TaskerCore
  # The observability of a worker. Every method but +ready?+, +alive?+ and +template_refresh+ raises TaskerCore::Observability::Error. Threads and
  # forked processes may use it: each process has a connection of its own.
  #
  #   TaskerCore::Observability.socket_path = "/run/orders/worker.sock" # or TASKER_OBSERVABILITY_SOCKET
  #   TaskerCore::Observability.ready?
  module Observability
    CLIENT_CHANGE = Mutex.new
    private_constant :CLIENT_CHANGE

    class << self
      include Operations

      # Where the worker's socket is: a String, a Pathname, or nil for what the environment says. Setting it closes the
      # connection to the one before.
      def socket_path=(path)
        path = to_path(path)
        former = nil
        CLIENT_CHANGE.synchronize { former, @client, @socket_path = @client, nil, path }
        # Outside the lock: it waits for the call in flight.
        former&.close
      end

      def socket_path
        @socket_path || ENV.fetch("TASKER_OBSERVABILITY_SOCKET", nil)
      end

      # Calls any operation by its name, an application's own too.
      # @param params [Hash, nil] as the operation's schema has them
      # @return the result: a Hash, a String and the like
      def call(operation, params = nil)
        client.call(operation, params)
      end

      # Never raises: a worker that cannot be reached is not ready.
      def ready?
        call("health_ready")["status"] == "healthy"
      rescue StandardError
        false
      end

      # Never raises: a worker that cannot be reached is not alive.
      def alive?
        call("health_live")["status"] == "alive"
      rescue StandardError
        false
      end

      # Never raises, as Tasker's own does not: +success+ is false where it could not be done, and +message+ says why.
      def template_refresh(namespace:, name:, version:)
        super
      rescue Error => e
        Types::CacheOperationResult.from(
          operation: "refresh", success: false, message: e.message, timestamp: Time.now.utc.iso8601(3), cache_stats: nil
        )
      end

      private

      def to_path(path)
        path && File.path(path)
      rescue TypeError
        raise Error.new("INVALID_PARAMS", "socket_path must be a String, a Pathname or nil, not #{path.class}.")
      rescue ArgumentError
        raise Error.new("INVALID_PARAMS", "socket_path contains a NUL character.")
      end

      # The operation's struct if it has one; else text, as JSON unless the result is text.
      def answer(operation, **params)
        result = call(operation, params.empty? ? nil : params.compact)
        struct = Types::RESULTS[operation]
        return struct.from(result) if struct

        result.is_a?(String) ? result : JSON.generate(result)
      end

      # Concurrent first calls get the same client.
      def client
        CLIENT_CHANGE.synchronize do
          path = socket_path
          raise Error.new("WORKER_NOT_RUNNING", NOT_RUNNING) if path.nil? || path.empty?

          @client ||= Client.new(path)
        end
      end
    end
  end
end
