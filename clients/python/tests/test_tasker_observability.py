"""Runs against a live worker that the environment names: TASKER_SOCKET with everything, TASKER_READ_ONLY_SOCKET without
writes, TASKER_HEALTH_ONLY_SOCKET with nothing but basic health, TASKER_OWN_SOCKET with an application's own operations."""

import json
import os
import pathlib
import signal
import socket
import tempfile
import threading
import unittest
from typing import Any, Callable

from tasker_observability import Observability, ObservabilityError

SOCKET = os.environ["TASKER_SOCKET"]
READ_ONLY = os.environ["TASKER_READ_ONLY_SOCKET"]
HEALTH_ONLY = os.environ["TASKER_HEALTH_ONLY_SOCKET"]
OWN = os.environ["TASKER_OWN_SOCKET"]
CHARGE = {"namespace": "payments", "name": "charge", "version": "1.0.0"}


def in_child(ask: Callable[[], bool]) -> int:
    """Forks; returns the child's pid. One that hangs is killed."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(30)
        code = 2
        try:
            code = 0 if ask() else 1
        finally:
            os._exit(code)
    return pid


def has_succeeded(child: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


class AgainstOperationsOfAnApplication(unittest.TestCase):
    def setUp(self) -> None:
        self.observability = Observability(OWN, timeout=10)
        self.addCleanup(self.observability.close)

    def refusal(self, operation: str, **params: object) -> "tuple[str, str]":
        with self.assertRaises(ObservabilityError) as raised:
            self.observability.call(operation, params)
        return raised.exception.code, str(raised.exception)

    def test_asks_them_by_name_with_params(self) -> None:
        backlog = self.observability.call("orders_backlog", {"region": "north", "limit": 5})
        self.assertEqual(backlog, {"region": "north", "waiting": 5, "urgent": True})
        self.assertEqual(self.observability.call("orders_empty"), {"waiting": 0})

    def test_raises_the_errors_of_the_worker(self) -> None:
        self.assertEqual(self.refusal("orders_backlog", region=7)[0], "INVALID_PARAMS")
        self.assertEqual(self.refusal("orders_backlog", region="nowhere")[0], "INTERNAL")
        self.assertEqual(self.refusal("orders_backlog", region="closed"), ("TIMEOUT", "The region is closed."))
        self.assertEqual(self.refusal("orders_requeue")[0], "FORBIDDEN")
        self.assertEqual(self.refusal("orders_nothing")[0], "ENDPOINT_NOT_FOUND")


class AgainstAWorker(unittest.TestCase):
    def setUp(self) -> None:
        self.observability = Observability(SOCKET, timeout=10)
        self.addCleanup(self.observability.close)

    def test_health(self) -> None:
        self.assertEqual(self.observability.health_basic()["status"], "healthy")
        self.assertEqual(self.observability.health_live()["status"], "alive")
        self.assertEqual(self.observability.health_ready()["checks"]["database"]["status"], "healthy")
        self.assertIn("circuit_breakers", self.observability.health_detailed()["checks"])
        self.assertIs(self.observability.ready(), True)
        self.assertIs(self.observability.alive(), True)

    def test_metrics(self) -> None:
        self.assertIn("tasker_worker_info", self.observability.prometheus_metrics())
        self.assertEqual(self.observability.metrics_worker()["metrics"]["tasker_worker_uptime_seconds"]["metric_type"], "gauge")
        self.assertIsInstance(self.observability.event_stats()["router"]["total_routed"], int)

    def test_templates(self) -> None:
        page = self.observability.templates_list(include_cache_stats=True, namespace="payments", limit=1, offset=1)
        self.assertEqual([template["name"] for template in page["templates"]], ["refund"])
        self.assertIsNotNone(page["cache_stats"])
        self.assertEqual(self.observability.template_get(**CHARGE)["template"]["template"]["name"], "charge")
        self.assertTrue(self.observability.template_validate(**CHARGE)["valid"])
        self.assertTrue(self.observability.template_refresh(**CHARGE)["success"])
        self.assertFalse(self.observability.template_refresh("payments", "none", "1.0.0")["success"])
        self.assertGreaterEqual(self.observability.cache_stats()["total_entries"], 1)
        self.assertEqual(self.observability.cache_maintain()["operation"], "maintain")
        self.assertEqual(self.observability.cache_clear()["operation"], "clear")

    def test_config(self) -> None:
        self.assertEqual(self.observability.environment(), "test")
        self.assertIn("common.database.url", self.observability.config()["metadata"]["redacted_fields"])

    def test_refusals_carry_their_code(self) -> None:
        with self.assertRaises(ObservabilityError) as missing:
            self.observability.template_get("payments", "none", "1.0.0")
        self.assertEqual(missing.exception.code, "TEMPLATE_NOT_FOUND")
        self.assertIsNotNone(missing.exception.request_id)
        with self.assertRaises(ObservabilityError) as wrong:
            self.observability.template_get(1, "x", "y")  # type: ignore[arg-type]
        self.assertEqual(wrong.exception.code, "INVALID_PARAMS")
        with self.assertRaises(ObservabilityError) as unencodable:
            self.observability.template_get(object(), "x", "y")  # type: ignore[arg-type]
        self.assertEqual(unencodable.exception.code, "INVALID_PARAMS")
        with Observability(READ_ONLY) as read_only, self.assertRaises(ObservabilityError) as write:
            read_only.cache_clear()
        self.assertEqual(write.exception.code, "CACHE_OPERATIONS_DISABLED")

    def test_a_service_that_the_worker_was_assembled_without(self) -> None:
        with Observability(HEALTH_ONLY) as observability:
            self.assertEqual(observability.health_basic()["status"], "healthy")
            self.assertEqual((observability.ready(), observability.alive()), (False, False))
            with self.assertRaises(ObservabilityError) as missing:
                observability.config()
        self.assertEqual(missing.exception.code, "SERVICE_NOT_INSTALLED")
        self.assertTrue(str(missing.exception).startswith("Web state not available"))

    def test_threads_may_share_it(self) -> None:
        answers: list = []
        threads = [threading.Thread(target=lambda: answers.append(self.observability.health_basic()["status"])) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, ["healthy"] * 20)

    def test_it_connects_anew_after_close(self) -> None:
        self.observability.close()
        self.observability.close()
        self.assertTrue(self.observability.ready())

    def test_events(self) -> None:
        with self.observability.subscribe("payment.*", timeout=10) as events:
            self.assertEqual(next(events)["event_name"], "payment.processed")
            self.assertEqual(events.dropped, 0)
        self.assertEqual(list(events), [])
        with self.assertRaises(ObservabilityError) as wrong:
            self.observability.subscribe("a b")
        self.assertEqual(wrong.exception.code, "INVALID_PARAMS")

    def test_forked_processes_may_ask_at_once_and_their_parent_after_them(self) -> None:
        self.observability.health_basic()

        def ask() -> bool:
            answers = {(self.observability.environment(), self.observability.health_basic()["status"]) for _ in range(100)}
            return answers == {("test", "healthy")}

        self.assertEqual([has_succeeded(child) for child in [in_child(ask) for _ in range(4)]], [True] * 4)
        self.assertEqual(self.observability.environment(), "test")

    def test_a_subscription_stays_with_its_process(self) -> None:
        with self.observability.subscribe("payment.*", timeout=10) as events:

            def take() -> bool:
                with self.assertRaises(ObservabilityError) as raised:
                    next(events)
                return raised.exception.code == "WORKER_NOT_RUNNING" and list(events) == []

            self.assertTrue(has_succeeded(in_child(take)))
            self.assertEqual(next(events)["event_name"], "payment.processed")


class WithoutAWorker(unittest.TestCase):
    def test_nobody_there(self) -> None:
        with Observability("/nonexistent/worker.sock") as observability:
            self.assertIs(observability.ready(), False)
            self.assertIs(observability.alive(), False)
            with self.assertRaises(ObservabilityError) as raised:
                observability.health_basic()
        self.assertEqual((raised.exception.code, str(raised.exception)), ("WORKER_NOT_RUNNING", "Worker system not running"))


    def test_an_invalid_timeout_is_rejected_at_once(self) -> None:
        odd: Any
        for odd in (-1, 0, float("nan"), float("inf"), 1e12, 10**400, "5", None, True):
            with self.subTest(timeout=odd), self.assertRaises(ObservabilityError) as raised:
                Observability("/nonexistent/worker.sock", timeout=odd)
            self.assertEqual(raised.exception.code, "INVALID_PARAMS")

    def test_so_is_one_of_a_subscription(self) -> None:
        odd: Any
        for odd in (-1, 0, float("nan"), "x", True):
            with self.subTest(timeout=odd), self.assertRaises(ObservabilityError) as raised:
                Observability("/nonexistent/worker.sock").subscribe("*", timeout=odd)
            self.assertEqual(raised.exception.code, "INVALID_PARAMS")


class WithSomethingElse(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "odd.sock")
        self.server = socket.socket(socket.AF_UNIX)
        self.addCleanup(self.server.close)
        self.server.bind(self.path)
        self.server.listen()
        self.server.settimeout(10)
        self.asked = b""

    def accept(self) -> socket.socket:
        connection, _ = self.server.accept()
        self.addCleanup(connection.close)
        return connection

    def answer_once(self, reply: bytes) -> None:
        def serve() -> None:
            connection = self.accept()
            self.asked = connection.recv(65_536)
            connection.sendall(reply)
            if reply == b"":
                connection.close()

        threading.Thread(target=serve, daemon=True).start()

    def refusal_of(self, call: Callable[[Observability], Any], timeout: float = 5) -> ObservabilityError:
        with Observability(pathlib.Path(self.path), timeout=timeout) as observability, self.assertRaises(ObservabilityError) as raised:
            call(observability)
        return raised.exception

    def test_it_is_taken_for_no_worker(self) -> None:
        for reply in (b"rubbish\n", b"[]\n", b"[" * 100_000 + b"\n", b""):
            self.answer_once(reply)
            self.assertEqual(self.refusal_of(Observability.health_basic).code, "WORKER_NOT_RUNNING")

    def test_no_answer(self) -> None:
        self.answer_once(b"{")
        self.assertEqual(self.refusal_of(Observability.health_basic, timeout=0.1).code, "TIMEOUT")

    def test_an_answer_whose_id_is_no_number_is_not_this_calls(self) -> None:
        self.answer_once(b'{"id":true,"result":"wrong"}\n{"id":1,"result":"test"}\n')
        with Observability(self.path, timeout=5) as observability:
            self.assertEqual(observability.environment(), "test")

    def test_nobody_reads(self) -> None:
        self.assertEqual(self.refusal_of(lambda it: it.template_get("x" * 4_000_000, "x", "1"), timeout=0.1).code, "TIMEOUT")

    def test_codes_are_documented_ones(self) -> None:
        for error, code in (
            ({"data": {"error": "too_many_calls"}}, "INTERNAL"),
            ({"data": "x"}, "INTERNAL"),
            ("x", "INTERNAL"),
            ({"message": "x", "data": {"error": "timeout"}}, "TIMEOUT"),
        ):
            self.answer_once(json.dumps({"id": 1, "error": error}).encode() + b"\n")
            self.assertEqual(self.refusal_of(Observability.environment).code, code)

    def test_a_full_worker_says_why_it_rejects_the_connection(self) -> None:
        def serve() -> None:
            refused = self.accept()
            refused.sendall(b'{"id":null,"error":{"message":"Full.","data":{"error":"too_many_connections"}}}\n')
            refused.close()
            self.accept().sendall(b'{"id":1,"result":"test"}\n')

        threading.Thread(target=serve, daemon=True).start()
        with Observability(self.path, timeout=5) as observability:
            with self.assertRaises(ObservabilityError) as raised:
                observability.template_get("x" * 4_000_000, "x", "1")
            self.assertEqual((raised.exception.code, str(raised.exception)), ("INTERNAL", "Full."))
            self.assertEqual(observability.environment(), "test")

    def test_a_forked_process_waits_for_no_call_of_its_parents_threads(self) -> None:
        with Observability(self.path, timeout=10) as observability:
            call = threading.Thread(target=observability.ready)
            call.start()
            silent = self.accept()
            silent.recv(65_536)
            child = in_child(lambda: observability.environment() == "test")
            self.accept().sendall(b'{"id":1,"result":"test"}\n')
            self.assertTrue(has_succeeded(child))
            silent.close()
            call.join()

    def test_a_subscription_is_made_before_its_first_event_is_asked_for(self) -> None:
        event = b'{"method":"event","params":{"subscription":1,"dropped":%d,"event":"%s"}}\n'
        self.answer_once(event % (0, b"a") + b'{"id":1,"result":{"subscription":1}}\n' + event % (3, b"b"))
        with Observability(self.path, timeout=5).subscribe("*", timeout=5) as events:
            self.assertEqual(json.loads(self.asked)["params"], {"pattern": "*"})
            self.assertEqual([(next(events), events.dropped) for _ in range(2)], [("a", 0), ("b", 3)])

    def test_nobody_takes_the_connection(self) -> None:
        self.server.listen(0)
        with socket.socket(socket.AF_UNIX) as taken:
            taken.connect(self.path)
            self.assertEqual(self.refusal_of(Observability.health_basic, timeout=0.1).code, "WORKER_NOT_RUNNING")

    def test_an_answer_is_utf_8_whatever_the_locale_is(self) -> None:
        self.answer_once('{"id":1,"result":"prüfung"}\n'.encode("utf-8"))
        with Observability(self.path, timeout=5) as observability:
            self.assertEqual(observability.environment(), "prüfung")

    def test_a_path_that_is_none(self) -> None:
        odd: Any
        for odd in (5, None, ["/run/worker.sock"]):
            with self.subTest(path=odd), self.assertRaises(ObservabilityError) as raised:
                Observability(odd)
            self.assertEqual(raised.exception.code, "INVALID_PARAMS")
        with Observability("a\0b") as observability, self.assertRaises(ObservabilityError) as raised:
            observability.health_basic()
        self.assertEqual(raised.exception.code, "WORKER_NOT_RUNNING")


if __name__ == "__main__":
    unittest.main()
