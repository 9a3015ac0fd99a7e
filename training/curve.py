"""Draws the history of a training as SVG: loss (left axis) and BLEU (right axis) over updates. Needs no library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 400, 60, 60, 40, 50
_COLOURS = {"loss": "#1f5fa8", "dev_loss": "#6aa9e0", "bleu": "#b5482a"}
_LABELS = {"loss": "training loss (smoothed)", "dev_loss": "held-out loss", "bleu": "held-out BLEU, greedy"}
Records = Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class _Axis:
    """Maps values to pixels; `ticks` are round numbers inside its range."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def around(cls, values: Sequence[float], start: float, end: float) -> _Axis:
        low, high = min(values, default=0.0), max(values, default=1.0)
        return cls(low, high if high > low else low + 1.0, start, end)

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        rough = (self.high - self.low) / 5
        unit = 10 ** math.floor(math.log10(rough))
        step = min((unit * m for m in (1, 2, 5, 10)), key=lambda candidate: abs(candidate - rough))
        first = math.ceil(self.low / step)
        return [i * step for i in range(first, math.floor(self.high / step) + 1)]


def draw(history: Records, title: str) -> str:
    """An SVG document. Figures that are missing or NaN leave gaps; an empty history gives empty axes."""
    series = {name: _points(history, name) for name in _COLOURS}
    losses = [value for name in ("loss", "dev_loss") for _, value in series[name]]
    bottom, top = _HEIGHT - _BOTTOM, _TOP
    across = _Axis.around([0.0, *(record["step"] for record in history)], _LEFT, _WIDTH - _RIGHT)
    axes = {
        "loss": _Axis.around(losses, bottom, top),
        "bleu": _Axis.around([0.0, *(value for _, value in series["bleu"])], bottom, top),
    }
    axes["dev_loss"] = axes["loss"]
    body = [
        f'<text x="{_WIDTH / 2}" y="20" text-anchor="middle" font-size="14">{_escape(title)}</text>',
        *(_text(across(t), bottom + 18, f"{t:g}", "middle") for t in across.ticks),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, bottom + 38, "updates", "middle"),
        *(_text(_LEFT - 8, axes["loss"](t) + 4, f"{t:g}", "end") for t in axes["loss"].ticks),
        *(_text(_WIDTH - _RIGHT + 8, axes["bleu"](t) + 4, f"{t:g}", "start") for t in axes["bleu"].ticks),
        f'<path d="M{_LEFT} {top}V{bottom}H{_WIDTH - _RIGHT}V{top}" fill="none" stroke="#888"/>',
    ]
    for row, (name, points) in enumerate(series.items()):
        path = " ".join(f"{across(step):.1f},{axes[name](value):.1f}" for step, value in points)
        body.append(f'<polyline points="{path}" fill="none" stroke="{_COLOURS[name]}" stroke-width="1.5"/>')
        body.append(
            f'<text x="{_WIDTH - _RIGHT - 10}" y="{_TOP + 18 + 16 * row}" text-anchor="end" '
            f'fill="{_COLOURS[name]}">{_LABELS[name]}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12">\n<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _points(history: Records, name: str) -> list[tuple[float, float]]:
    return [(record["step"], record[name]) for record in history if math.isfinite(record.get(name, math.nan))]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
