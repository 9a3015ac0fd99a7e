"""The mixture: how often each source of pairs is seen, how much of it is kept, where it comes from. Reads TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One source of pairs. `name` is a file's name without suffix, or `name:kind` for one kind of its pairs.

    `weight` is how often a pair is seen in one epoch (0.5: in every second one). `keep` is the share of pairs that
    gets into the shards at all, which bounds their size. `origin` and `licence` go into the model card.
    """

    name: str
    weight: float
    keep: float
    origin: str
    licence: str


@dataclass(frozen=True, slots=True)
class Synthetic:
    """How many pairs are generated, with which seed, and how often each is seen in one epoch."""

    pairs: int
    seed: int
    weight: float


@dataclass(frozen=True, slots=True)
class Mixture:
    """What the training data is made of."""

    sources: dict[str, Source]
    synthetic: Synthetic

    def source(self, origin: str) -> Source:
        """The entry for `name:kind`, else the one for `name`. Raises KeyError when the mixture has neither."""
        found = self.sources.get(origin) or self.sources.get(origin.partition(":")[0])
        if found is None:
            raise KeyError(f"the mixture has no entry for {origin}")
        return found


def load_mixture(path: Path) -> Mixture:
    """Read a mixture file. Raises ValueError that names the entry which is wrong."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = {}
    for entry in table.get("source", []):
        name = entry.get("name", "?")
        try:
            source = Source(
                name=name,
                weight=float(entry["weight"]),
                keep=float(entry.get("keep", 1.0)),
                origin=entry["origin"],
                licence=entry["licence"],
            )
        except KeyError as error:
            raise ValueError(f"{path.name}: source {name!r} lacks {error}") from error
        if source.weight < 0 or not 0 <= source.keep <= 1:
            raise ValueError(f"{path.name}: source {name!r} needs weight >= 0 and 0 <= keep <= 1")
        if name in sources:
            raise ValueError(f"{path.name}: source {name!r} stands there twice")
        sources[name] = source
    synthetic = table.get("synthetic", {})
    return Mixture(
        sources,
        Synthetic(
            pairs=int(synthetic.get("pairs", 0)),
            seed=int(synthetic.get("seed", 0)),
            weight=float(synthetic.get("weight", 1.0)),
        ),
    )
