"""Asks a Tasker worker how it is, over its Unix socket. Python's standard library is all it needs.

    from tasker_observability import Observability

    with Observability("/run/orders/worker.sock") as observability:
        if not observability.ready():
            print(observability.health_ready()["checks"])
"""

from __future__ import annotations

import json
import socket
import threading
import time
from types import TracebackType
from typing import Any, Dict, Iterator, Optional, Type

__all__ = ["Observability", "ObservabilityError"]

MAX_FRAME_BYTES = 1_048_576
NOT_RUNNING = "Worker system not running"

Json = Dict[str, Any]


class ObservabilityError(RuntimeError):
    """What a worker refuses or fails with; ``code`` is one of the documented codes, such as ``TEMPLATE_NOT_FOUND``."""

    def __init__(self, code: str, message: str, request_id: Optional[str] = None) -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id


class Observability:
    """The worker behind a socket. It connects with the first call, and anew after the connection broke off.

    Safe to share between threads: calls go one at a time.
    """

    def __init__(self, path: str, timeout: float = 30.0) -> None:
        """``timeout`` is in seconds, for each call."""
        self._path = path
        self._timeout = timeout
        self._lock = threading.Lock()
        self._connection: Optional[_Connection] = None

    def health_basic(self) -> Json:
        return self._call("health_basic")

    def health_live(self) -> Json:
        return self._call("health_live")

    def health_ready(self) -> Json:
        return self._call("health_ready")

    def health_detailed(self) -> Json:
        return self._call("health_detailed")

    def ready(self) -> bool:
        """Never raises: what cannot be asked is not ready."""
        return self._has_status("health_ready", "healthy")

    def alive(self) -> bool:
        """Never raises: what cannot be asked is not alive."""
        return self._has_status("health_live", "alive")

    def prometheus_metrics(self) -> str:
        return self._call("metrics_prometheus")

    def metrics_worker(self) -> Json:
        return self._call("metrics_worker")

    def event_stats(self) -> Json:
        return self._call("metrics_events")

    def templates_list(
        self,
        include_cache_stats: bool = False,
        namespace: Optional[str] = None,
        limit: Optional[int] = None,
        offset: int = 0,
    ) -> Json:
        params = {"include_cache_stats": include_cache_stats, "namespace": namespace, "limit": limit, "offset": offset}
        return self._call("templates_list", {key: value for key, value in params.items() if value is not None})

    def template_get(self, namespace: str, name: str, version: str) -> Json:
        return self._call("template_get", {"namespace": namespace, "name": name, "version": version})

    def template_validate(self, namespace: str, name: str, version: str) -> Json:
        return self._call("template_validate", {"namespace": namespace, "name": name, "version": version})

    def cache_stats(self) -> Json:
        return self._call("templates_cache_stats")

    def cache_clear(self) -> Json:
        return self._call("templates_cache_clear")

    def cache_maintain(self) -> Json:
        return self._call("templates_cache_maintain")

    def template_refresh(self, namespace: str, name: str, version: str) -> Json:
        """Returns ``success: False`` for a template that is missing; raises only where the worker refuses the call."""
        return self._call("template_refresh", {"namespace": namespace, "name": name, "version": version})

    def config(self) -> Json:
        return self._call("config_runtime")

    def environment(self) -> str:
        return self._call("config_environment")

    def subscribe(self, pattern: str, timeout: Optional[float] = None) -> Iterator[Any]:
        """Yields every later domain event that matches, over a connection of its own.

        ``timeout`` is how many seconds to wait for one event; by default for ever. Raises ``WORKER_NOT_RUNNING`` when
        the worker goes, ``TIMEOUT`` when no event comes.
        """
        connection = _Connection(self._path, self._timeout)
        try:
            connection.call("events_subscribe", {"pattern": pattern})
            while True:
                yield connection.next_event(timeout)
        finally:
            connection.close()

    def close(self) -> None:
        """May be called again; a later call connects anew."""
        with self._lock:
            self._drop()

    def __enter__(self) -> "Observability":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        self.close()

    def _has_status(self, method: str, status: str) -> bool:
        try:
            return bool(self._call(method)["status"] == status)
        except Exception:
            return False

    def _call(self, method: str, params: Optional[Json] = None) -> Any:
        with self._lock:
            # An idle connection may have been closed by a worker that was restarted: nothing was sent yet, so look first.
            if self._connection is not None and self._connection.is_closed():
                self._drop()
            if self._connection is None:
                self._connection = _Connection(self._path, self._timeout)
            try:
                return self._connection.call(method, params)
            except ObservabilityError as error:
                # After either of these an answer may still come, for a call that nobody waits for any more.
                if error.code in ("WORKER_NOT_RUNNING", "TIMEOUT"):
                    self._drop()
                raise

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Connection:
    """One connection: frames are JSON-RPC 2.0, a line each."""

    def __init__(self, path: str, timeout: float) -> None:
        self._timeout = timeout
        self._last_id = 0
        self._held = b""
        self._events: list[Any] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            raise ObservabilityError("WORKER_NOT_RUNNING", NOT_RUNNING) from error

    def call(self, method: str, params: Optional[Json] = None) -> Any:
        self._last_id += 1
        request: Json = {"jsonrpc": "2.0", "id": self._last_id, "method": method}
        if params is not None:
            request["params"] = params
        try:
            frame = json.dumps(request, ensure_ascii=False, allow_nan=False).encode("utf-8", "strict") + b"\n"
        except (TypeError, ValueError) as error:
            raise ObservabilityError("INVALID_PARAMS", "The params hold what JSON cannot say.") from error
        deadline = time.monotonic() + self._timeout
        self._send(frame)
        while True:
            answer = self._read(deadline)
            if answer.get("method") == "event":
                self._events.append(answer["params"]["event"])
            elif answer.get("id") in (self._last_id, None):
                return _result_of(answer)

    def next_event(self, timeout: Optional[float]) -> Any:
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._events:
            frame = self._read(deadline)
            if frame.get("method") == "event":
                return frame["params"]["event"]
        return self._events.pop(0)

    def is_closed(self) -> bool:
        self._socket.setblocking(False)
        try:
            return self._socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self._socket.settimeout(self._timeout)

    def close(self) -> None:
        self._socket.close()

    def _send(self, frame: bytes) -> None:
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(frame)
        except socket.timeout as error:
            raise ObservabilityError("TIMEOUT", f"No answer within {self._timeout} s.") from error
        except OSError as error:
            raise ObservabilityError("WORKER_NOT_RUNNING", NOT_RUNNING) from error

    def _read(self, deadline: Optional[float]) -> Json:
        while b"\n" not in self._held:
            if len(self._held) > MAX_FRAME_BYTES:
                raise ObservabilityError("WORKER_NOT_RUNNING", "What answers there is no worker.")
            self._held += self._receive(deadline)
        line, self._held = self._held.split(b"\n", 1)
        try:
            frame = json.loads(line)
        except ValueError as error:
            raise ObservabilityError("WORKER_NOT_RUNNING", "What answers there is no worker.") from error
        if not isinstance(frame, dict):
            raise ObservabilityError("WORKER_NOT_RUNNING", "What answers there is no worker.")
        return frame

    def _receive(self, deadline: Optional[float]) -> bytes:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise ObservabilityError("TIMEOUT", "No answer came in time.")
        try:
            self._socket.settimeout(left)
            chunk = self._socket.recv(65_536)
        except socket.timeout as error:
            raise ObservabilityError("TIMEOUT", "No answer came in time.") from error
        except OSError as error:
            raise ObservabilityError("WORKER_NOT_RUNNING", NOT_RUNNING) from error
        if chunk == b"":
            raise ObservabilityError("WORKER_NOT_RUNNING", NOT_RUNNING)
        return chunk


def _result_of(answer: Json) -> Any:
    error = answer.get("error")
    if error is None:
        return answer.get("result")
    data = error.get("data") or {}
    raise ObservabilityError(str(data.get("error", "internal")).upper(), str(error.get("message", "")), data.get("request_id"))
