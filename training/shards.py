"""The packed training set: token ids of all pairs in one compressed file, small enough to travel to a GPU.

Layout, all little-endian, the whole xz-compressed: the magic line, one line of JSON (`Header`), then per pair the
lengths of source and target (uint16 each) and its origin (uint8), as three arrays, then all source ids, then all
target ids (uint16). Ids are stored without end tokens. Pairs are sorted by their source ids: neighbours look alike
then, which xz turns into a smaller file.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHARD = "train.shard.xz"
MAGIC = b"depesche-shard-1\n"
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 0, "lp": 1, "pb": 1, "dict_size": 1 << 26}]
Ids = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Origin:
    """A source of pairs, and how often each of them is seen in one epoch."""

    name: str
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Shard:
    """Pairs as flat arrays. Pair i has `source_lengths[i]` ids of `source`, which follow those of the pairs before.

    `origin_of[i]` is an index into `origins`.
    """

    source_lengths: Ids
    target_lengths: Ids
    origin_of: NDArray[np.uint8]
    source: Ids
    target: Ids
    origins: tuple[Origin, ...]

    def __len__(self) -> int:
        return len(self.source_lengths)

    @property
    def weights(self) -> NDArray[np.float64]:
        """How often each pair is seen in one epoch."""
        return np.array([origin.weight for origin in self.origins], dtype=np.float64)[self.origin_of]

    def pairs(self) -> list[tuple[list[int], list[int], str]]:
        """All pairs as lists of ids, with the names of their origins; for small shards."""
        sources = np.split(self.source, np.cumsum(self.source_lengths.astype(np.int64))[:-1])
        targets = np.split(self.target, np.cumsum(self.target_lengths.astype(np.int64))[:-1])
        names = [self.origins[index].name for index in self.origin_of]
        return [
            (source.tolist(), target.tolist(), name)
            for source, target, name in zip(sources, targets, names, strict=True)
        ]


def pack(
    sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]], names: Sequence[str], weights: dict[str, float]
) -> Shard:
    """Put pairs of ids into a shard. Raises ValueError for empty sides, ids over 65535 or more than 256 origins."""
    origins = tuple(Origin(name, weights[name]) for name in sorted(set(names)))
    index = {origin.name: number for number, origin in enumerate(origins)}
    if len(origins) > 256:
        raise ValueError(f"{len(origins)} origins; a shard holds 256")
    if not all(sources) or not all(targets):
        raise ValueError("a pair has an empty side")
    order = sorted(range(len(sources)), key=lambda i: (sources[i], targets[i]))
    return Shard(
        source_lengths=_lengths(sources, order),
        target_lengths=_lengths(targets, order),
        origin_of=np.fromiter((index[names[i]] for i in order), dtype=np.uint8, count=len(order)),
        source=_flat(sources, order),
        target=_flat(targets, order),
        origins=origins,
    )


def _lengths(sequences: Sequence[Sequence[int]], order: list[int]) -> Ids:
    return _uint16(np.fromiter((len(sequences[i]) for i in order), dtype=np.int64, count=len(order)))


def _flat(sequences: Sequence[Sequence[int]], order: list[int]) -> Ids:
    count = sum(map(len, sequences))
    return _uint16(np.fromiter((number for i in order for number in sequences[i]), dtype=np.int64, count=count))


def _uint16(values: NDArray[np.int64]) -> Ids:
    if values.size and not 0 <= values.min() <= values.max() <= 0xFFFF:
        raise ValueError("a number doesn't fit 16 bits")
    return values.astype("<u2")


def write_shard(path: Path, shard: Shard) -> None:
    """Write a shard; `read_shard` gives back the same."""
    header = {
        "pairs": len(shard),
        "source_ids": len(shard.source),
        "target_ids": len(shard.target),
        "origins": [[origin.name, origin.weight] for origin in shard.origins],
    }
    with lzma.open(path, "wb", filters=_FILTERS) as stream:
        stream.write(MAGIC)
        stream.write(json.dumps(header).encode() + b"\n")
        for array in (shard.source_lengths, shard.target_lengths, shard.origin_of, shard.source, shard.target):
            stream.write(array.tobytes())


def read_shard(path: Path) -> Shard:
    """Read a shard. Raises ValueError when the file is another kind or is cut off."""
    with lzma.open(path, "rb") as stream:
        if stream.readline(len(MAGIC)) != MAGIC:
            raise ValueError(f"{path.name} is not a shard")
        header = json.loads(stream.readline())

        def read(count: int, dtype: str) -> NDArray[Any]:
            data = stream.read(count * np.dtype(dtype).itemsize)
            if len(data) != count * np.dtype(dtype).itemsize:
                raise ValueError(f"{path.name} is cut off")
            return np.frombuffer(data, dtype=dtype)

        count = header["pairs"]
        return Shard(
            source_lengths=read(count, "<u2"),
            target_lengths=read(count, "<u2"),
            origin_of=read(count, "u1"),
            source=read(header["source_ids"], "<u2"),
            target=read(header["target_ids"], "<u2"),
            origins=tuple(Origin(name, weight) for name, weight in header["origins"]),
        )
