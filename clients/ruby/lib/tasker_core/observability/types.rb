# frozen_string_literal: true

require "dry-types"
require "tasker_core/observability/error"
require "tasker_core/observability/struct_base"

module TaskerCore
  module Observability
    # The answers: deeply immutable structs whose attributes are checked when they are made.
    module Types
      include Dry.Types()

      # What all answers have in common.
      class Struct < STRUCT_BASE
        # @param data [Hash] an answer, which is frozen with the struct.
        def self.from(data)
          Types.freeze_deeply(new(data))
        rescue StandardError => e # dry-struct and its replacement raise different errors
          raise Error.new("INTERNAL", "This client does not know such an answer (#{e.message}): the worker may be of another version.")
        end
      end

      def self.freeze_deeply(value)
        case value
        when Struct then freeze_deeply(value.attributes)
        when ::Hash then value.each_value { |one| freeze_deeply(one) }
        when ::Array then value.each { |one| freeze_deeply(one) }
        end
        value.frozen? ? value : value.freeze
      end

      # A struct for an attribute, or nil.
      def self.optional(struct)
        Nominal::Any.constructor { |value| value.nil? ? nil : struct.new(value) }
      end

      # A struct for an attribute.
      def self.one(struct)
        Nominal::Any.constructor { |value| struct.new(value) }
      end

      # Structs by name.
      def self.by_name(struct)
        Strict::Hash.constructor { |values| Strict::Hash[values].transform_values { |value| struct.new(value) } }
      end

      Text = Strict::String
      Count = Strict::Integer
      Bool = Strict::Bool
      Texts = Strict::Array.of(Strict::String)
      Fraction = Coercible::Float
      Data = Strict::Hash
      DataList = Strict::Array.of(Strict::Hash)

      class BasicHealth < Struct
        attribute :status, Text
        attribute :timestamp, Text
        attribute :worker_id, Text
      end

      class HealthCheck < Struct
        attribute :status, Text
        attribute :message, Text.optional
        attribute :duration_ms, Count
        attribute :last_checked, Text
        attribute :criticality, Text
        attribute :cached, Bool
      end

      class WorkerSystemInfo < Struct
        attribute :version, Text
        attribute :observability_version, Text
        attribute :environment, Text
        attribute :uptime_seconds, Count
        attribute :worker_type, Text
        attribute :database_pool_size, Count.optional
        attribute :command_processor_active, Bool.optional
        attribute :supported_namespaces, Texts
        attribute :pool_utilization, Data.optional
      end

      class DetailedHealth < Struct
        attribute :status, Text
        attribute :timestamp, Text
        attribute :worker_id, Text
        attribute :checks, Types.by_name(HealthCheck)
        attribute :system_info, Types.one(WorkerSystemInfo)
      end

      class EventRouterStats < Struct
        %i[total_routed durable_routed fast_routed broadcast_routed fast_delivery_errors routing_errors].each { |name| attribute name, Count }
      end

      class InProcessEventBusStats < Struct
        %i[
          total_events_dispatched rust_handler_dispatches ffi_channel_dispatches rust_handler_errors
          ffi_channel_drops rust_subscriber_patterns rust_handler_count ffi_subscriber_count
        ].each { |name| attribute name, Count }
      end

      class DomainEventStats < Struct
        attribute :router, Types.one(EventRouterStats)
        attribute :in_process_bus, Types.one(InProcessEventBusStats)
        attribute :captured_at, Text
        attribute :worker_id, Text
      end

      class CacheStats < Struct
        attribute :total_entries, Count
        attribute :hits, Count
        attribute :misses, Count
        attribute :evictions, Count
        %i[total_cached cache_hits cache_misses cache_evictions].each { |name| attribute name, Count }
        attribute :last_maintenance, Text.optional
        attribute :oldest_entry_age_seconds, Count
        attribute :average_access_count, Fraction
        attribute :supported_namespaces, Texts
      end

      class CacheOperationResult < Struct
        attribute :operation, Text
        attribute :success, Bool
        attribute :message, Text
        attribute :timestamp, Text
        # nil where the worker did not answer.
        attribute :cache_stats, Types.optional(CacheStats)
      end

      class TemplateValidation < Struct
        attribute :valid, Bool
        attribute :namespace, Text
        attribute :name, Text
        attribute :version, Text
        attribute :handler_count, Count
        attribute :issues, Texts
        attribute :errors, Texts
        attribute :findings, DataList
        attribute :handler_metadata, Data.optional
        attribute :required_capabilities, Texts
        attribute :step_handlers, Texts
      end

      class ConfigMetadata < Struct
        attribute :timestamp, Text
        attribute :source, Text
        attribute :redacted_fields, Texts
      end

      class RuntimeConfig < Struct
        attribute :environment, Text
        attribute :common, Data
        attribute :worker, Data
        attribute :metadata, Types.one(ConfigMetadata)
      end

      # By operation. The result of any other is given as text.
      RESULTS = {
        "health_basic" => BasicHealth,
        "health_live" => BasicHealth,
        "health_ready" => DetailedHealth,
        "health_detailed" => DetailedHealth,
        "metrics_events" => DomainEventStats,
        "template_validate" => TemplateValidation,
        "templates_cache_stats" => CacheStats,
        "templates_cache_clear" => CacheOperationResult,
        "templates_cache_maintain" => CacheOperationResult,
        "template_refresh" => CacheOperationResult,
        "config_runtime" => RuntimeConfig
      }.freeze
    end
  end
end
