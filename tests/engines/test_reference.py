"""How sure a model usually is: measured on a sample, kept in a file, and losing that is never an error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from service.core.generation.certainty import lower_bound
from service.core.types import DecodingOptions, Hypothesis
from service.engines.reference import keep, measure, recall
from tests.batching.fakes import FakeEngine

OF: dict[str, object] = {"model": "m", "options": {"beam_size": 4}}
VALUES = {"de-en": [-2.0, -1.0], "de-fr": [-0.5]}


class ScoringEngine(FakeEngine):
    """The longer a source the less sure."""

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
        super().generate(sources, options)
        return [Hypothesis(tuple(source), finished=True, score=-0.1 * len(source)) for source in sources]


def test_every_source_is_decoded_once() -> None:
    engine = ScoringEngine(replicas=2)
    sources = [["1"] * (1 + number % 30) for number in range(130)]
    found = measure(engine, sources, DecodingOptions(), seconds=100)
    assert sorted(found) == sorted(lower_bound(-0.1 * len(source), len(source)) for source in sources)


def test_when_time_is_up_a_sample_of_all_kinds_is_enough() -> None:
    ticks = iter(range(1000))
    sources = [["1"] * (1 + number // 10) for number in range(400)]
    found = measure(ScoringEngine(), sources, DecodingOptions(), seconds=0.5, clock=lambda: next(ticks))
    assert len(found) == 40
    assert len(set(found)) == 40


def test_nothing_or_an_engine_without_scores_gives_nothing() -> None:
    assert measure(ScoringEngine(), [], DecodingOptions(), seconds=1) == []
    assert measure(FakeEngine(), [["1"]] * 50, DecodingOptions(), seconds=1) == []


def test_what_is_kept_is_recalled_for_the_same_thing_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "certainty.json"
    keep([path], OF, VALUES)
    assert recall([tmp_path / "no.json", path], OF) == VALUES
    assert recall([path], OF | {"model": "n"}) is None


def test_where_nothing_can_be_written_the_next_place_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("in the way of a folder")
    keep([tmp_path / "a file" / "c.json", tmp_path / "c.json"], OF, VALUES)
    assert recall([tmp_path / "c.json"], OF) == VALUES
    keep([tmp_path / "a file" / "c.json"], OF, VALUES)


def test_a_damaged_file_is_no_reference(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    for content in ("", "[]", "{}", '{"of": {"model": "m", "options": {"beam_size": 4}}, "values": [1]}', "\ud800"):
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
        assert recall([path], OF) is None
