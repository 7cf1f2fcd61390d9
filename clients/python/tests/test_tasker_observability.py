"""Runs against a live worker that the environment names: TASKER_SOCKET with everything, TASKER_READ_ONLY_SOCKET without
writes, TASKER_HEALTH_ONLY_SOCKET with nothing but basic health."""

import os
import socket
import tempfile
import threading
import unittest

from tasker_observability import Observability, ObservabilityError

SOCKET = os.environ["TASKER_SOCKET"]
READ_ONLY = os.environ["TASKER_READ_ONLY_SOCKET"]
HEALTH_ONLY = os.environ["TASKER_HEALTH_ONLY_SOCKET"]
CHARGE = {"namespace": "payments", "name": "charge", "version": "1.0.0"}


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
        self.assertIn("tasker_worker_info", self.observability.metrics_worker()["metrics"])
        self.assertIsInstance(self.observability.event_stats()["router"]["total_routed"], int)

    def test_templates(self) -> None:
        page = self.observability.templates_list(include_cache_stats=True, namespace="payments", limit=1, offset=1)
        self.assertEqual([template["name"] for template in page["templates"]], ["refund"])
        self.assertIsNotNone(page["cache_stats"])
        self.assertEqual(self.observability.template_get(**CHARGE)["template"]["name"], "charge")
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
        with self.assertRaises(ObservabilityError) as unsayable:
            self.observability.template_get(object(), "x", "y")  # type: ignore[arg-type]
        self.assertEqual(unsayable.exception.code, "INVALID_PARAMS")
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
        events = self.observability.subscribe("payment.*", timeout=10)
        self.assertEqual(next(events)["event_name"], "payment.processed")
        events.close()
        with self.assertRaises(ObservabilityError) as wrong:
            next(self.observability.subscribe("a b"))
        self.assertEqual(wrong.exception.code, "INVALID_PARAMS")


class WithoutAWorker(unittest.TestCase):
    def test_nobody_there(self) -> None:
        with Observability("/nonexistent/worker.sock") as observability:
            self.assertIs(observability.ready(), False)
            self.assertIs(observability.alive(), False)
            with self.assertRaises(ObservabilityError) as refused:
                observability.health_basic()
        self.assertEqual((refused.exception.code, str(refused.exception)), ("WORKER_NOT_RUNNING", "Worker system not running"))

    def answer_once(self, reply: bytes) -> str:
        path = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "odd.sock")
        server = socket.socket(socket.AF_UNIX)
        self.addCleanup(server.close)
        server.bind(path)
        server.listen()

        def serve() -> None:
            connection, _ = server.accept()
            self.addCleanup(connection.close)
            connection.recv(65_536)
            connection.sendall(reply)
            if reply == b"":
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        return path

    def test_something_else_there(self) -> None:
        for reply in (b"rubbish\n", b"[]\n", b""):
            with self.assertRaises(ObservabilityError) as refused:
                Observability(self.answer_once(reply), timeout=5).health_basic()
            self.assertEqual(refused.exception.code, "WORKER_NOT_RUNNING")

    def test_no_answer(self) -> None:
        with self.assertRaises(ObservabilityError) as refused:
            Observability(self.answer_once(b"{"), timeout=0.1).health_basic()
        self.assertEqual(refused.exception.code, "TIMEOUT")


if __name__ == "__main__":
    unittest.main()
