"""The cache that keeps nothing, for installations that switch caching off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.core.types import CacheStats


class NullCache:
    """Misses always. It isn't counted: it has no tier to report."""

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Nothing."""
        return {}

    def set_many(self, items: Mapping[str, bytes]) -> None:
        """Forget `items`."""

    def stats(self) -> list[CacheStats]:
        """No tier, no statistics."""
        return []

    def purge(self, *, older_than_seconds: float | None = None) -> int:
        """There is nothing to remove."""
        return 0

    def close(self) -> None:
        """There is nothing to free."""
