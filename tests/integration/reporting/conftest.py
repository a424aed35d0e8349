"""A log, a topic and a broker of the kernel's own tests, with reporting's read models on them."""

from tests.integration.eventlog.conftest import spine

__all__ = ["spine"]
