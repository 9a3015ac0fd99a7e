"""Splitting into files that can be carried, and joining them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.parts import PART_BYTES, join, split


@given(st.binary(max_size=200), st.integers(1, 50))
@settings(deadline=None, max_examples=60)
def test_joining_gives_back_what_was_split(data: bytes, part_bytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        split(b"older and longer" * 30, Path(folder), "x", part_bytes=part_bytes)
        paths = split(data, Path(folder), "x", part_bytes=part_bytes)
        assert sorted(paths) == sorted(Path(folder).iterdir())
        assert all(path.stat().st_size <= part_bytes for path in paths[:-1])
        assert join(Path(folder), "x") == data


def test_a_part_fits_sixteen_mebibytes() -> None:
    assert PART_BYTES <= 16 * 2**20


def test_lost_and_changed_parts_are_noticed(tmp_path: Path) -> None:
    split(b"0123456789", tmp_path, "x", part_bytes=4)
    (tmp_path / "x.1").write_bytes(b"9999")
    with pytest.raises(ValueError, match="changed"):
        join(tmp_path, "x")
    (tmp_path / "x.1").unlink()
    with pytest.raises(ValueError, match=r"x\.1 missing"):
        join(tmp_path, "x")
    with pytest.raises(FileNotFoundError):
        join(tmp_path, "y")
