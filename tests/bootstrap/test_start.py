"""What a start may import: each of these takes a tenth of its time or more, and translating needs none of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

_ASK = "import sys; import {module}; print(*sorted(sys.modules))"


@pytest.mark.parametrize(
    "library", ["numpy", "requests", "urllib3", "huggingface_hub", "transformers", "torch", "tqdm"]
)
def test_what_serves_is_imported_without(library: str) -> None:
    command = [sys.executable, "-c", _ASK.format(module="service.bootstrap")]
    modules = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert "service.bootstrap.application" in modules
    assert library not in modules


def test_the_ranker_is_there_when_it_is_asked_for() -> None:
    from service.bootstrap.ranking import LateRanker  # noqa: PLC0415 - must not be imported with numpy before
    from service.ranking.textrank import TextRankRanker  # noqa: PLC0415

    late, now = LateRanker(), TextRankRanker()
    sentences = ["Der Rat stimmte am Montag zu.", "Das Wetter war gut.", "Der Rat lehnte den zweiten Antrag ab."]
    assert (late.info_id, late.revision) == (now.info_id, now.revision)
    assert late.knows("de")
    assert late.rank(sentences, "de") == now.rank(sentences, "de")
    assert late.pick(sentences, "de", 2) == now.pick(sentences, "de", 2)
    assert late.support("Der Rat stimmte zu.", sentences, "de") == now.support("Der Rat stimmte zu.", sentences, "de")
