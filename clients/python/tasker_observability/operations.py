"""A method for every operation. Written by npm run generate from the catalogue: change that, not this file."""

from __future__ import annotations

from typing import Any, Dict, Optional

Json = Dict[str, Any]


class Operations:
    def call(self, operation: str, params: Optional[Json] = None) -> Any:
        raise NotImplementedError

    def health_basic(self) -> Json:
        """Reports that the process can answer."""
        return self.call("health_basic")

    def health_live(self) -> Json:
        """Reports whether only a restart would help; does no I/O."""
        return self.call("health_live")

    def health_ready(self) -> Json:
        """Reports whether work should be sent here."""
        return self.call("health_ready")

    def health_detailed(self) -> Json:
        """Runs all checks."""
        return self.call("health_detailed")

    def prometheus_metrics(self) -> str:
        """The metrics as Prometheus text 0.0.4, or as OpenMetrics 1.0.0 on request."""
        return self.call("metrics_prometheus")

    def metrics_worker(self) -> Json:
        """The samples of ``metrics_prometheus`` as data, by name and labels."""
        return self.call("metrics_worker")

    def event_stats(self) -> Json:
        """Counts domain events by route; not installed if the worker has none."""
        return self.call("metrics_events")

    def templates_list(self, include_cache_stats: bool = False, namespace: Optional[str] = None, limit: Optional[int] = None, offset: int = 0) -> Json:
        """Lists the templates, ordered by namespace, name and version."""
        params: Json = {"include_cache_stats": include_cache_stats, "namespace": namespace, "limit": limit, "offset": offset}
        return self.call("templates_list", {key: value for key, value in params.items() if value is not None})

    def cache_stats(self) -> Json:
        """The counters of the template cache."""
        return self.call("templates_cache_stats")

    def cache_clear(self) -> Json:
        """Empties the template cache."""
        return self.call("templates_cache_clear")

    def cache_maintain(self) -> Json:
        """Removes expired templates from the cache."""
        return self.call("templates_cache_maintain")

    def template_get(self, namespace: str, name: str, version: str) -> Json:
        """One template, resolved for this environment, secrets masked."""
        params: Json = {"namespace": namespace, "name": name, "version": version}
        return self.call("template_get", params)

    def template_validate(self, namespace: str, name: str, version: str) -> Json:
        """Lists all problems of a template; an invalid template is an answer, not an error."""
        params: Json = {"namespace": namespace, "name": name, "version": version}
        return self.call("template_validate", params)

    def template_refresh(self, namespace: str, name: str, version: str) -> Json:
        """Reads a template again; ``success`` is false if it is missing or cannot be read."""
        params: Json = {"namespace": namespace, "name": name, "version": version}
        return self.call("template_refresh", params)

    def config(self) -> Json:
        """The configuration in use, secrets masked."""
        return self.call("config_runtime")

    def environment(self) -> str:
        """The environment's name."""
        return self.call("config_environment")

    def fleet(self, state: Optional[str] = None, namespace: Optional[str] = None, limit: int = 100, offset: int = 0) -> Json:
        """Lists the workers that share the database."""
        params: Json = {"state": state, "namespace": namespace, "limit": limit, "offset": offset}
        return self.call("fleet_list", {key: value for key, value in params.items() if value is not None})

    def queues(self) -> Json:
        """Lists the queues that the worker serves."""
        return self.call("queues_list")

    def steps_running(self, limit: int = 100) -> Json:
        """Lists the steps that the worker runs now."""
        params: Json = {"limit": limit}
        return self.call("steps_running", {key: value for key, value in params.items() if value is not None})

    def dead_letters(self, namespace: Optional[str] = None, code: Optional[str] = None, limit: int = 100, before: Optional[str] = None) -> Json:
        """Lists steps that failed for good."""
        params: Json = {"namespace": namespace, "code": code, "limit": limit, "before": before}
        return self.call("dead_letters_list", {key: value for key, value in params.items() if value is not None})

    def dead_letters_redrive(self, namespace: str, ids: Optional[Any] = None, code: Optional[str] = None, all: Optional[bool] = None, limit: Optional[int] = None, dry_run: bool = False) -> Json:
        """Puts the steps of dead letters back on their queue."""
        params: Json = {"namespace": namespace, "ids": ids, "code": code, "all": all, "limit": limit, "dry_run": dry_run}
        return self.call("dead_letters_redrive", {key: value for key, value in params.items() if value is not None})

    def dead_letters_purge(self, namespace: str, ids: Optional[Any] = None, code: Optional[str] = None, all: Optional[bool] = None, limit: Optional[int] = None, dry_run: bool = False) -> Json:
        """Deletes dead letters permanently."""
        params: Json = {"namespace": namespace, "ids": ids, "code": code, "all": all, "limit": limit, "dry_run": dry_run}
        return self.call("dead_letters_purge", {key: value for key, value in params.items() if value is not None})

    def pause(self) -> Json:
        """Stops claiming steps."""
        return self.call("worker_pause")

    def resume(self) -> Json:
        """Claims steps again."""
        return self.call("worker_resume")
