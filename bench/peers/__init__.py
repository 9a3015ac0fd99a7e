"""What Depesche is compared with: one module a system, and their helpers, which run inside those systems.

A system's module is imported by the benchmark and only says how to set it up and start it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bench.peers import libretranslate, naive
from bench.system import Model, Served


class Peer(Protocol):
    """A system to compare with."""

    def prepare(self, model: Model, work: Path) -> None:
        """Set up under `work` what `served` needs; quick where that was done before. Raises RuntimeError."""

    def served(self, model: Model, port: int, work: Path) -> Served:
        """How to start it."""


PEERS: Mapping[str, Peer] = {
    "naive": naive.ONE_BY_ONE,
    "naive-batched": naive.BATCHED,
    "libretranslate": libretranslate,
}
