"""What a start may import: each of these takes a tenth of its time or more, and translating needs none of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from service.bootstrap.ranking import LateRanker
from service.ranking.textrank import TextRankRanker

LIBRARIES = ("numpy", "requests", "urllib3", "huggingface_hub", "transformers", "torch", "tqdm")


@pytest.fixture(scope="module")
def imported() -> list[str]:
    """The modules of a process that has everything that serving needs."""
    command = [sys.executable, "-c", "import sys; import service.bootstrap; print(*sys.modules)"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_serves_is_imported_without(library: str, imported: list[str]) -> None:
    assert "service.bootstrap.application" in imported
    assert library not in imported


def test_the_ranker_is_there_when_it_is_asked_for() -> None:
    late, now = LateRanker(), TextRankRanker()
    sentences = ["Der Rat stimmte am Montag zu.", "Das Wetter war gut.", "Der Rat lehnte den zweiten Antrag ab."]
    assert (late.info_id, late.revision) == (now.info_id, now.revision)
    assert late.knows("de")
    assert late.rank(sentences, "de") == now.rank(sentences, "de")
    assert late.pick(sentences, "de", 2) == now.pick(sentences, "de", 2)
    assert late.support("Der Rat stimmte zu.", sentences, "de") == now.support("Der Rat stimmte zu.", sentences, "de")
