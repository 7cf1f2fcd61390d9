"""The codes of errors. Written by npm run generate from core's list: change that, not this file."""

CODES = frozenset(
    (
        "WORKER_NOT_RUNNING",
        "SERVICE_NOT_INSTALLED",
        "TEMPLATE_NOT_FOUND",
        "NAMESPACE_NOT_SUPPORTED",
        "TEMPLATE_SOURCE_UNAVAILABLE",
        "DATABASE_UNAVAILABLE",
        "INVALID_PARAMS",
        "CACHE_OPERATIONS_DISABLED",
        "UNAUTHORIZED",
        "FORBIDDEN",
        "ENDPOINT_NOT_FOUND",
        "METHOD_NOT_ALLOWED",
        "PAYLOAD_TOO_LARGE",
        "TIMEOUT",
        "INTERNAL",
    )
)
"""Every ``code`` that an error can have. What the socket itself rejects, such as one connection too many, is ``INTERNAL``; the message says why."""
