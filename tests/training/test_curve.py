"""The curve is a well-formed SVG of what the history holds."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

import pytest

from training.curve import draw

_SVG = "{http://www.w3.org/2000/svg}"


def lines(svg: str) -> list[int]:
    """The number of points in each of its lines."""
    return [len((line.get("points") or "").split()) for line in ET.fromstring(svg).iter(f"{_SVG}polyline")]


def test_every_figure_becomes_a_point() -> None:
    history = [{"step": float(i), "loss": 9.0 - i} for i in range(6)]
    history += [{"step": 3.0, "dev_loss": 5.0, "bleu": 10.0}, {"step": 5.0, "dev_loss": 4.0, "bleu": math.nan}]
    svg = draw(history, "a < b & c")
    assert lines(svg) == [6, 2, 1]
    assert "a &lt; b &amp; c" in svg


@pytest.mark.parametrize("history", [[], [{"step": 0.0, "loss": 3.0}], [{"step": 5.0, "bleu": 0.0}]])
def test_little_history_is_no_error(history: list[dict[str, float]]) -> None:
    assert sum(lines(draw(history, "t"))) == len(history)


def test_points_stay_inside_the_axes() -> None:
    svg = draw([{"step": float(i), "loss": float(100 * i), "bleu": float(i)} for i in range(50)], "t")
    for line in ET.fromstring(svg).iter(f"{_SVG}polyline"):
        for point in (line.get("points") or "").split():
            x, y = map(float, point.split(","))
            assert 60 <= x <= 660
            assert 40 <= y <= 350
