"""Shards give back what was packed; broken files are refused."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.shards import SHARD, pack, read_shard, write_shard

_IDS = st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=12)
_ROWS = st.lists(st.tuples(_IDS, _IDS, st.sampled_from(["news:ref", "games", "docs"])), min_size=1, max_size=30)
WEIGHTS = {"news:ref": 2.5, "games": 0.5, "docs": 1.0}


@given(_ROWS)
@settings(deadline=None, max_examples=60)
def test_round_trip_keeps_every_pair_and_its_origin(rows: list[tuple[list[int], list[int], str]]) -> None:
    shard = pack([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], WEIGHTS)
    with tempfile.TemporaryDirectory() as folder:
        write_shard(Path(folder) / SHARD, shard)
        again = read_shard(Path(folder) / SHARD)
    assert again.pairs() == shard.pairs()
    assert Counter(map(repr, again.pairs())) == Counter(map(repr, rows))
    assert again.weights.tolist() == [WEIGHTS[name] for _, _, name in again.pairs()]


@pytest.mark.parametrize(("source", "target"), [([], [1]), ([1], []), ([70000], [1])])
def test_what_a_shard_cannot_hold_is_refused(source: list[int], target: list[int]) -> None:
    with pytest.raises(ValueError, match=r"empty side|16 bits"):
        pack([source], [target], ["docs"], WEIGHTS)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    import lzma

    (tmp_path / "x").write_bytes(lzma.compress(b"something else\n"))
    with pytest.raises(ValueError, match="not a shard"):
        read_shard(tmp_path / "x")
