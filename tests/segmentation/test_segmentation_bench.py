"""The benchmark of segmentation counts what it says it counts."""

import re
from pathlib import Path

import pytest

from bench import segmentation
from service.core.types import Span
from service.segmentation.segmenter import SentenceSegmenter


class EveryStop(SentenceSegmenter):
    """Ends a sentence after every full stop, right or wrong."""

    def sentences(self, text: str, language: str) -> list[Span]:
        return [Span(match.start(), match.end()) for match in re.finditer(r"[^\s.][^.]*\.?", text)]


def test_hits_misses_and_false_alarms() -> None:
    lines = ["Das ist Dr. Klein.", "Schlagzeile ohne Punkt", "Kommt sie?", "Ja.", "Ende."]
    score = segmentation.evaluate(EveryStop(), lines, "de")
    assert (score.hits, score.misses, score.false_alarms) == (2, 1, 1)
    assert score.precision == score.recall == pytest.approx(2 / 3)


def test_an_end_without_punctuation_counts_neither_way() -> None:
    texts = [(text, counted, uncounted) for text, counted, uncounted in segmentation.windows(["Eins", "Zwei.", "Drei"])]
    assert texts == [("Eins Zwei. Drei", {10}, {4})]


def test_windows_have_twelve_lines() -> None:
    assert [len(counted) for _, counted, _ in segmentation.windows(["Ja."] * 25)] == [11, 11, 0]


def test_missing_data_is_said_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(segmentation.DATA_VARIABLE, raising=False)
    assert segmentation.main([]) == 2
    assert "--data" in capsys.readouterr().err
    assert segmentation.main(["--data", str(tmp_path)]) == 2


def test_sets_and_totals_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "newstest2090.de").write_text("Es regnet.\nDie Straßen sind leer.\nDas war es.\n", encoding="utf-8")
    assert segmentation.main(["--data", str(tmp_path), "--errors", "3"]) == 0
    output = capsys.readouterr().out
    assert "newstest2090.de" in output
    assert "all de" in output
    assert "1.0000" in output
