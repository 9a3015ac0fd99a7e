"""How sure a model was, and what deserves a look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.enums import Flag, Severity
from service.core.generation.certainty import Reference, lower_bound, sureness
from service.core.translation.review import overall, review
from service.core.types import Finding, Hypothesis, Job, RequestContext, TranslatedSegment
from tests.core.fakes import DictCache, FakeBatcher, make_generator, served
from tests.core.test_generation import asked
from tests.core.test_translate import translator_of

SURE = Reference([-3.0, -2.0, -1.0, -0.5])


@given(st.lists(st.floats(-20, 0), min_size=1), st.floats(-20, 0), st.floats(-20, 0))
def test_certainty_grows_with_sureness_between_nothing_and_all(values: list[float], one: float, other: float) -> None:
    reference = Reference(values)
    low, high = sorted((one, other))
    assert 0 <= reference.certainty(low) <= reference.certainty(high) <= 1


def test_certainty_is_the_share_of_the_sample_that_was_less_sure() -> None:
    assert [SURE.certainty(value) for value in (-9.0, -2.5, -1.0, 0.0)] == [0.0, 0.25, 0.5, 1.0]


def test_a_reference_of_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="values"):
        Reference([])


def test_of_a_short_output_less_is_known() -> None:
    assert lower_bound(-1.0, 3) < lower_bound(-1.0, 30) < -1.0
    assert sureness(Hypothesis(("a",), finished=True)) is None


def score_by_length(job: Job) -> Hypothesis:
    """The more words, the less sure."""
    return Hypothesis(job.tokens, finished=True, score=-0.1 * len(job.tokens))


def test_an_output_keeps_its_certainty_in_the_cache() -> None:
    cache = DictCache()
    generator = make_generator(batcher=FakeBatcher(score_by_length), cache=cache, references={("de", "en"): SURE})
    made, found = (generator.generate([asked("eins zwei drei")], RequestContext.within(10)) for _ in range(2))
    [first], [second] = made.values(), found.values()
    assert first.certainty == SURE.certainty(lower_bound(-0.3, 3))
    assert (second.cached, second.certainty) == (True, first.certainty)


def test_of_another_pair_or_engine_nothing_is_known() -> None:
    for generator in (
        make_generator(batcher=FakeBatcher(score_by_length), references={("de", "fr"): SURE}),
        make_generator(references={("de", "en"): SURE}),
    ):
        [output] = generator.generate([asked("eins")], RequestContext.within(10)).values()
        assert output.certainty is None


def test_a_text_is_as_certain_as_its_segments_on_average() -> None:
    model = served(make_generator(batcher=FakeBatcher(score_by_length), references={("de", "en"): SURE}))
    text = "Nein nein nein nein nein nein nein nein nein nein. Ja. 12."
    [translation] = translator_of(model).translate([text], "de", "en", RequestContext.within(10)).translations
    long, short, number = translation.segments
    assert long.certainty is not None
    assert short.certainty is not None
    assert number.certainty is None
    expected = (50 * long.certainty + 3 * short.certainty) / 53
    assert translation.certainty == pytest.approx(expected, abs=0.01)


def segment(number: int, certainty: float | None, *severities: Severity, model: str | None = "m") -> TranslatedSegment:
    findings = tuple(Finding(Flag.NUMBERS_CHANGED, severity) for severity in severities)
    return TranslatedSegment(
        str(number), "", number, number + 1, 0, 0, "de", findings=findings, model=model, certainty=certainty
    )


def test_what_has_findings_is_reviewed_first_then_what_the_model_was_least_sure_of() -> None:
    segments = [
        segment(0, 0.1),
        segment(1, 0.9, Severity.MINOR),
        segment(2, 0.5),
        segment(3, 0.8, Severity.CRITICAL),
        segment(4, None),
        segment(5, None, model=None),
    ]
    assert [each.source for each in review(segments, 1)] == ["3"]
    assert [each.source for each in review(segments, 3)] == ["0", "1", "3"]
    assert [each.source for each in review(segments, 9)] == ["0", "1", "2", "3", "4"]
    assert review(segments, 0) == []


def test_where_one_segment_has_no_certainty_the_text_has_none() -> None:
    assert overall([segment(0, 0.5), segment(1, 0.7)]) == 0.6
    assert overall([segment(0, 0.5), segment(1, None)]) is None
    assert overall([segment(0, None, model=None)]) is None
    assert overall([]) is None
