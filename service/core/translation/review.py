"""Which segments of a translated text a person should look at first, and how sure the model was of the whole."""

from __future__ import annotations

from collections.abc import Sequence

from service.core.findings import weight
from service.core.types import TranslatedSegment


def overall(segments: Sequence[TranslatedSegment]) -> float | None:
    """The mean certainty of what a model wrote, weighted with the length of the sources; None where one has none."""
    written = [segment for segment in segments if segment.model is not None]
    if not written:
        return None
    total = sum(segment.source_end - segment.source_start for segment in written)
    parts = [
        segment.certainty * (segment.source_end - segment.source_start)
        for segment in written
        if segment.certainty is not None
    ]
    return round(sum(parts) / total, 2) if len(parts) == len(written) else None


def review(segments: Sequence[TranslatedSegment], count: int) -> list[TranslatedSegment]:
    """The `count` segments that deserve a look most, in the order of the text.

    First those with findings, the gravest ones first, then those of which the model was least sure. What no model wrote
    isn't among them.
    """
    written = [index for index, segment in enumerate(segments) if segment.model is not None]
    worst = sorted(written, key=lambda index: _rank(segments[index]))[:count]
    return [segments[index] for index in sorted(worst)]


def _rank(segment: TranslatedSegment) -> tuple[int, float]:
    return -weight(segment.findings), segment.certainty if segment.certainty is not None else 1.0
