"""Several caches as one, fastest first: reads go down until a tier has the entry, and copy it to the tiers above."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import islice

from service.core.ports import Cache
from service.core.types import CacheStats

PROMOTED_KEYS = 1024


class TieredCache:
    """Reads down, promotes upward, writes to all tiers. The tiers belong to it: `close` closes them.

    Keys name their content, so two threads that store one key store the same bytes; a promotion isn't guarded
    against a write beside it. It is guarded against a purge: what was purged doesn't come back.
    """

    def __init__(self, tiers: Sequence[Cache]) -> None:
        self._tiers = tuple(tiers)
        self._promotion = threading.Lock()
        self._purges = 0

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The entries that any tier has. What a lower tier had is stored in every tier above it."""
        purges = self._purges
        found: dict[str, bytes] = {}
        missing = list(dict.fromkeys(keys))
        for depth, tier in enumerate(self._tiers):
            if not missing:
                break
            here = tier.get_many(missing)
            if here:
                self._promote(here, depth, purges)
                found.update(here)
                missing = [key for key in missing if key not in here]
        return found

    def set_many(self, items: Mapping[str, bytes]) -> None:
        """Store all items in every tier."""
        for tier in self._tiers:
            tier.set_many(items)

    def stats(self) -> list[CacheStats]:
        """The statistics of every tier, fastest first."""
        return [stats for tier in self._tiers for stats in tier.stats()]

    def purge(self, *, older_than_seconds: float | None = None) -> int:
        """Remove old entries, or all, from every tier. Returns the largest count of a tier.

        Copies in several tiers are one entry, so counts aren't added. A copy that was promoted carries the time
        of its promotion; so that no old text survives in one, the tiers above the last are emptied altogether.
        """
        counts = [tier.purge(older_than_seconds=older_than_seconds) for tier in reversed(self._tiers)]
        with self._promotion:
            self._purges += 1
        # Promotions that were under way have arrived, and go now; those of before come no more.
        for tier in self._tiers[:-1]:
            tier.purge()
        return max(counts, default=0)

    def close(self) -> None:
        """Close every tier."""
        for tier in self._tiers:
            tier.close()

    def _promote(self, items: Mapping[str, bytes], depth: int, purges: int) -> None:
        if depth == 0:
            return
        rest = iter(items.items())
        while some := dict(islice(rest, PROMOTED_KEYS)):
            with self._promotion:
                if purges == self._purges:
                    for upper in self._tiers[:depth]:
                        upper.set_many(some)
