"""The observability of a Tasker worker, over its Unix socket. Needs only Python's standard library.

    from tasker_observability import Observability

    with Observability("/run/orders/worker.sock") as observability:
        if not observability.ready():
            print(observability.health_ready()["checks"])
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Dict, Iterator, List, Optional, Tuple, Type, Union

from .error_codes import CODES
from .operations import Json, Operations

__all__ = ["CODES", "Observability", "ObservabilityError", "Subscription"]

MAX_FRAME_BYTES = 1_048_576
MAX_TIMEOUT_SECONDS = 86_400
NOT_RUNNING = "Worker system not running"
NO_WORKER = "The program that answers on this socket is not a worker."


class ObservabilityError(RuntimeError):
    """An error of the worker or of the connection to it; ``code`` is one of ``CODES``, such as ``TEMPLATE_NOT_FOUND``."""

    def __init__(self, code: str, message: str, request_id: Optional[str] = None) -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id


class Observability(Operations):
    """The worker behind a socket, with a method for every operation. It connects with the first call, and reconnects after the connection broke.

    Safe to share between threads, whose calls go one at a time, and with forked processes, each of which gets a
    connection of its own.
    """

    def __init__(self, path: Union[str, "os.PathLike[str]"], timeout: float = 30.0) -> None:
        """``timeout`` is in seconds, for each call: more than 0, a day at most. Anything else is ``INVALID_PARAMS``,
        and so is an invalid path."""
        _validate_timeout(timeout)
        if not isinstance(path, (str, bytes, os.PathLike)):
            raise ObservabilityError("INVALID_PARAMS", f"path must be a str or a PathLike, not {type(path).__name__}.")
        self._path = os.fspath(path)
        self._timeout = timeout
        self._shared_by_pid: Dict[int, _Shared] = {}

    def ready(self) -> bool:
        """Never raises: a worker that cannot be reached is not ready."""
        return self._has_status("health_ready", "healthy")

    def alive(self) -> bool:
        """Never raises: a worker that cannot be reached is not alive."""
        return self._has_status("health_live", "alive")

    def subscribe(self, pattern: str, timeout: Optional[float] = None) -> "Subscription":
        """Iterates over every later domain event that matches, over a connection of its own.

        ``timeout`` is how many seconds to wait for one event, a day at most; by default for ever.
        """
        if timeout is not None:
            _validate_timeout(timeout)
        return Subscription(_Connection(self._path, self._timeout), pattern, timeout)

    def close(self) -> None:
        """May be called again; a later call connects anew."""
        shared = self._shared()
        with shared.lock:
            shared.drop()

    def __enter__(self) -> "Observability":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        self.close()

    def _has_status(self, method: str, status: str) -> bool:
        try:
            return bool(self.call(method)["status"] == status)
        except Exception:
            return False

    def call(self, operation: str, params: Optional[Json] = None) -> Any:
        """Calls any operation by its name, an application's own too; returns its result."""
        shared = self._shared()
        with shared.lock:
            # A worker that was restarted has closed the idle connection: check it before anything is sent.
            if shared.connection is not None and shared.connection.is_closed():
                shared.drop()
            if shared.connection is None:
                shared.connection = _Connection(self._path, self._timeout)
            try:
                return shared.connection.call(operation, params)
            finally:
                # The answer to an abandoned call may still come.
                if not shared.connection.idle:
                    shared.drop()

    def _shared(self) -> "_Shared":
        pid = os.getpid()
        shared = self._shared_by_pid.get(pid)
        if shared is None:
            # Concurrent threads all get the same one, without a lock, which a fork could leave locked.
            shared = self._shared_by_pid.setdefault(pid, _Shared())
            for other in [each for each in list(self._shared_by_pid) if each != pid]:
                self._shared_by_pid.pop(other, _Shared()).drop()
        return shared


class _Shared:
    """What the threads of one process share. A forked child that used its parent's would read the parent's answers,
    and wait for calls that ended with the parent's threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.connection: Optional[_Connection] = None

    def drop(self) -> None:
        """A parent process that has the connection too keeps it open."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()


class Subscription(Iterator[Any]):
    """Iterates over domain events. Ends, and raises, with ``WORKER_NOT_RUNNING`` when the worker goes, with ``TIMEOUT``
    when no event comes. It stays with the process that subscribed: in a forked child it ends at once."""

    dropped = 0
    """How many events were lost before the last one, because they were read too slowly."""

    def __init__(self, connection: "_Connection", pattern: str, timeout: Optional[float]) -> None:
        self._connection = connection
        self._timeout = timeout
        self._pid = os.getpid()
        self._closed = False
        with self._closed_by_errors():
            connection.call("events_subscribe", {"pattern": pattern})

    def __next__(self) -> Any:
        if self._closed:
            raise StopIteration
        with self._closed_by_errors():
            if self._pid != os.getpid():
                raise ObservabilityError("WORKER_NOT_RUNNING", "The subscription is another process's: subscribe anew.")
            event, self.dropped = self._connection.next_event(self._timeout)
        return event

    def close(self) -> None:
        """May be called again."""
        self._closed = True
        self._connection.close()

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    @contextmanager
    def _closed_by_errors(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


class _Connection:
    """One connection: frames are JSON-RPC 2.0, a line each."""

    def __init__(self, path: str, timeout: float) -> None:
        self._timeout = timeout
        self._last_id = 0
        self._buffer = b""
        self._events: List[Tuple[Any, int]] = []
        self.idle = True
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
            raise ObservabilityError("INVALID_PARAMS", "JSON cannot represent the params.") from error
        deadline = time.monotonic() + self._timeout
        self.idle = False
        self._send(frame, deadline)
        while True:
            answer = self._read(deadline)
            if answer.get("method") == "event":
                self._events.append(_event_of(answer))
            elif _is_for(self._last_id, answer):
                # An error without an id rejects the connection.
                self.idle = answer.get("id") is not None
                return _result_of(answer)

    def next_event(self, timeout: Optional[float]) -> Tuple[Any, int]:
        """The event, and how many were lost until then."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._events:
            frame = self._read(deadline)
            if frame.get("method") == "event":
                return _event_of(frame)
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

    def _send(self, frame: bytes, deadline: float) -> None:
        try:
            self._socket.settimeout(_until(deadline))
            self._socket.sendall(frame)
        except (BrokenPipeError, ConnectionResetError):
            # A worker that rejects a connection closes it at once; its reason can still be read.
            return
        except socket.timeout as error:
            raise ObservabilityError("TIMEOUT", f"No answer within {self._timeout} s.") from error
        except OSError as error:
            raise ObservabilityError("WORKER_NOT_RUNNING", NOT_RUNNING) from error

    def _read(self, deadline: Optional[float]) -> Json:
        while b"\n" not in self._buffer:
            if len(self._buffer) > MAX_FRAME_BYTES:
                raise ObservabilityError("WORKER_NOT_RUNNING", NO_WORKER)
            self._buffer += self._receive(deadline)
        line, self._buffer = self._buffer.split(b"\n", 1)
        try:
            frame = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ObservabilityError("WORKER_NOT_RUNNING", NO_WORKER) from error
        if not isinstance(frame, dict):
            raise ObservabilityError("WORKER_NOT_RUNNING", NO_WORKER)
        return frame

    def _receive(self, deadline: Optional[float]) -> bytes:
        try:
            self._socket.settimeout(_until(deadline))
            chunk = self._socket.recv(65_536)
        except socket.timeout as error:
            raise ObservabilityError("TIMEOUT", "No answer came in time.") from error
        except OSError as error:
            raise ObservabilityError("WORKER_NOT_RUNNING", NOT_RUNNING) from error
        if chunk == b"":
            raise ObservabilityError("WORKER_NOT_RUNNING", NOT_RUNNING)
        return chunk


def _until(deadline: Optional[float]) -> Optional[float]:
    """Seconds; raises what the socket raises when they are over."""
    left = None if deadline is None else deadline - time.monotonic()
    if left is not None and left <= 0:
        raise socket.timeout
    return left


def _validate_timeout(timeout: Any) -> None:
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout <= MAX_TIMEOUT_SECONDS:
        raise ObservabilityError("INVALID_PARAMS", "timeout is a number of seconds: more than 0, a day at most.")


def _is_for(call_id: int, answer: Json) -> bool:
    """Whether it answers this call, or has no id. ``True == 1`` in Python, but is not an id."""
    answered = answer.get("id")
    return answered is None or (answered == call_id and not isinstance(answered, bool))


def _event_of(frame: Json) -> Tuple[Any, int]:
    params = frame.get("params")
    if not isinstance(params, dict) or "event" not in params:
        raise ObservabilityError("WORKER_NOT_RUNNING", NO_WORKER)
    dropped = params.get("dropped")
    return params["event"], dropped if isinstance(dropped, int) else 0


def _result_of(answer: Json) -> Any:
    error = answer.get("error")
    if error is None:
        return answer.get("result")
    fields = error if isinstance(error, dict) else {}
    data = fields.get("data") if isinstance(fields.get("data"), dict) else {}
    code = str(data.get("error")).upper()
    message = str(fields.get("message", "The worker rejected the call."))
    raise ObservabilityError(code if code in CODES else "INTERNAL", message, data.get("request_id"))
