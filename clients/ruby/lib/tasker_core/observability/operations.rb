# frozen_string_literal: true

module TaskerCore
  module Observability
    # A method for every operation. Written by npm run generate from the catalogue: change that, not this file.
    module Operations
      # Reports that the process can answer.
      def health_basic
        answer("health_basic")
      end

      # Reports whether only a restart would help; does no I/O.
      def health_live
        answer("health_live")
      end

      # Reports whether work should be sent here.
      def health_ready
        answer("health_ready")
      end

      # Runs all checks.
      def health_detailed
        answer("health_detailed")
      end

      # The metrics as Prometheus text 0.0.4, or as OpenMetrics 1.0.0 on request.
      def prometheus_metrics
        answer("metrics_prometheus")
      end

      # The samples of +metrics_prometheus+ as data, by name and labels.
      def metrics_worker
        answer("metrics_worker")
      end

      # Counts domain events by route; not installed if the worker has none.
      def event_stats
        answer("metrics_events")
      end

      # Lists the templates, ordered by namespace, name and version.
      def templates_list(include_cache_stats: false, namespace: nil, limit: nil, offset: 0)
        answer("templates_list", include_cache_stats: include_cache_stats, namespace: namespace, limit: limit, offset: offset)
      end

      # The counters of the template cache.
      def cache_stats
        answer("templates_cache_stats")
      end

      # Empties the template cache.
      def cache_clear
        answer("templates_cache_clear")
      end

      # Removes expired templates from the cache.
      def cache_maintain
        answer("templates_cache_maintain")
      end

      # One template, resolved for this environment, secrets masked.
      def template_get(namespace:, name:, version:)
        answer("template_get", namespace: namespace, name: name, version: version)
      end

      # Lists all problems of a template; an invalid template is an answer, not an error.
      def template_validate(namespace:, name:, version:)
        answer("template_validate", namespace: namespace, name: name, version: version)
      end

      # Reads a template again; +success+ is false if it is missing or cannot be read.
      def template_refresh(namespace:, name:, version:)
        answer("template_refresh", namespace: namespace, name: name, version: version)
      end

      # The configuration in use, secrets masked.
      def config
        answer("config_runtime")
      end

      # The environment's name.
      def environment
        answer("config_environment")
      end

      # Lists the workers that share the database.
      def fleet(state: nil, namespace: nil, limit: 100, offset: 0)
        answer("fleet_list", state: state, namespace: namespace, limit: limit, offset: offset)
      end

      # Lists the queues that the worker serves.
      def queues
        answer("queues_list")
      end

      # Lists the steps that the worker runs now.
      def steps_running(limit: 100)
        answer("steps_running", limit: limit)
      end

      # Lists steps that failed for good.
      def dead_letters(namespace: nil, code: nil, limit: 100, before: nil)
        answer("dead_letters_list", namespace: namespace, code: code, limit: limit, before: before)
      end

      # Puts the steps of dead letters back on their queue.
      def dead_letters_redrive(namespace:, ids: nil, code: nil, all: nil, limit: nil, dry_run: false)
        answer("dead_letters_redrive", namespace: namespace, ids: ids, code: code, all: all, limit: limit, dry_run: dry_run)
      end

      # Deletes dead letters permanently.
      def dead_letters_purge(namespace:, ids: nil, code: nil, all: nil, limit: nil, dry_run: false)
        answer("dead_letters_purge", namespace: namespace, ids: ids, code: code, all: all, limit: limit, dry_run: dry_run)
      end

      # Stops claiming steps.
      def pause
        answer("worker_pause")
      end

      # Claims steps again.
      def resume
        answer("worker_resume")
      end
    end
  end
end
