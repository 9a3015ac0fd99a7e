"""The observer that looks away, for the command line and for tests."""

from __future__ import annotations


class NullObserver:
    """Implements `service.core.ports.Observer` and keeps nothing."""

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Ignored."""

    def batch(
        self, model: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None:
        """Ignored."""

    def queue_wait(self, model: str, seconds: float) -> None:
        """Ignored."""

    def dropped(self, model: str, reason: str) -> None:
        """Ignored."""

    def rejected(self, model: str, reason: str) -> None:
        """Ignored."""

    def flagged(self, model: str, flag: str) -> None:
        """Ignored."""

    def retried(self, model: str) -> None:
        """Ignored."""
