# frozen_string_literal: true

require "json"
require "tasker_core/observability/client"
require "tasker_core/observability/types"

module TaskerCore
  # Asks the worker how it is. Every method but +ready?+ and +alive?+ raises TaskerCore::Observability::Error. Threads and
  # forked processes may use it: each process has a connection of its own.
  #
  #   TaskerCore::Observability.socket_path = "/run/orders/worker.sock" # or TASKER_OBSERVABILITY_SOCKET
  #   TaskerCore::Observability.ready?
  module Observability
    CLIENT_CHANGE = Mutex.new
    private_constant :CLIENT_CHANGE

    class << self
      # Where the worker's socket is: a String, a Pathname, or nil for what the environment says. Setting it closes the
      # connection to the one before.
      def socket_path=(path)
        path = to_path(path)
        former = nil
        CLIENT_CHANGE.synchronize { former, @client, @socket_path = @client, nil, path }
        # Not within: it waits for the call under way.
        former&.close
      end

      def socket_path
        @socket_path || ENV.fetch("TASKER_OBSERVABILITY_SOCKET", nil)
      end

      # @return [Types::BasicHealth]
      def health_basic
        Types::BasicHealth.from(call("health_basic"))
      end

      # @return [Types::BasicHealth] its +status+ is "alive" or "dead"
      def health_live
        Types::BasicHealth.from(call("health_live"))
      end

      # @return [Types::DetailedHealth]
      def health_ready
        Types::DetailedHealth.from(call("health_ready"))
      end

      # @return [Types::DetailedHealth]
      def health_detailed
        Types::DetailedHealth.from(call("health_detailed"))
      end

      # Never raises: what cannot be asked is not ready.
      def ready?
        call("health_ready")["status"] == "healthy"
      rescue StandardError
        false
      end

      # Never raises: what cannot be asked is not alive.
      def alive?
        call("health_live")["status"] == "alive"
      rescue StandardError
        false
      end

      # @return [Types::DomainEventStats]
      def event_stats
        Types::DomainEventStats.from(call("metrics_events"))
      end

      # @return [String] Prometheus text
      def prometheus_metrics
        call("metrics_prometheus")
      end

      # @return [String] JSON
      def metrics_worker
        JSON.generate(call("metrics_worker"))
      end

      # @return [String] JSON
      def templates_list(include_cache_stats: false)
        JSON.generate(call("templates_list", include_cache_stats: include_cache_stats))
      end

      # @return [String] JSON
      def template_get(namespace:, name:, version:)
        JSON.generate(call("template_get", namespace: namespace, name: name, version: version))
      end

      # @return [Types::TemplateValidation]
      def template_validate(namespace:, name:, version:)
        Types::TemplateValidation.from(call("template_validate", namespace: namespace, name: name, version: version))
      end

      # @return [Types::CacheStats]
      def cache_stats
        Types::CacheStats.from(call("templates_cache_stats"))
      end

      # @return [Types::CacheOperationResult]
      def cache_clear
        Types::CacheOperationResult.from(call("templates_cache_clear"))
      end

      # Does not raise for a template that is missing: +success+ is false then.
      # @return [Types::CacheOperationResult]
      def template_refresh(namespace:, name:, version:)
        Types::CacheOperationResult.from(call("template_refresh", namespace: namespace, name: name, version: version))
      end

      # @return [Types::RuntimeConfig]
      def config
        Types::RuntimeConfig.from(call("config_runtime"))
      end

      # @return [String]
      def environment
        call("config_environment")
      end

      private

      def to_path(path)
        path && File.path(path)
      rescue TypeError
        raise Error.new("INVALID_PARAMS", "socket_path is a String, a Pathname or nil, and no #{path.class}.")
      rescue ArgumentError
        raise Error.new("INVALID_PARAMS", "socket_path holds a NUL, which no path does.")
      end

      def call(method, params = nil)
        client.call(method, params)
      end

      # Threads that are the first to ask get the same one.
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
