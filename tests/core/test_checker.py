"""The check use case and the scorer: what is said of translations that others made."""

from __future__ import annotations

import threading

import pytest

from service.checks.translation import check_translation
from service.core.checker import Checker
from service.core.enums import Flag
from service.core.errors import Cancelled, DeadlineExceeded, InferenceFailed, QueueFull
from service.core.generation.certainty import Reference, lower_bound
from service.core.generation.scorer import Scorer
from service.core.router import Router
from service.core.types import Hypothesis, Job, JobState, QueueStats, RequestContext
from tests.core.fakes import OPTIONS, FakeBatcher, FakeChecks, HandBatcher, WordTokenizer, served

PAIR = ("Der Satz", "The sentence")
SURE = Reference([-4.0, -3.0, -2.0, -1.0])


def agree(job: Job) -> Hypothesis:
    """A model that is sure of a target as long as its source, and of no other."""
    assert job.target is not None
    score = -0.1 if len(job.target) == len(job.tokens) else -3.5
    return Hypothesis(job.target, finished=True, score=score)


def make_scorer(
    batcher: HandBatcher | None = None, *, pair: tuple[str, str] = ("de", "en"), max_tokens: int = 5
) -> Scorer:
    return Scorer(
        options=OPTIONS,
        tokenizer=WordTokenizer(),
        batcher=batcher or FakeBatcher(agree),
        max_tokens=max_tokens,
        references={pair: SURE},
    )


def soon(seconds: float = 10) -> RequestContext:
    return RequestContext.within(seconds)


def test_each_distinct_pair_is_scored_once() -> None:
    batcher = FakeBatcher(agree)
    longer = ("Der Satz", "The sentence goes on")
    found = make_scorer(batcher).certainties([PAIR, longer, PAIR], "de", "en", soon())
    assert found == {PAIR: SURE.certainty(lower_bound(-0.1, 2)), longer: SURE.certainty(lower_bound(-3.5, 4))}
    assert found[PAIR] > found[longer]
    assert [job.target for job in batcher.jobs] == [("The", "sentence"), ("The", "sentence", "goes", "on")]


def test_what_has_no_letters_or_is_too_long_is_left_out() -> None:
    pairs = [("12", "12"), ("Der Satz", ""), ("a " * 6, "b"), ("a", "b " * 6), PAIR]
    assert list(make_scorer().certainties(pairs, "de", "en", soon())) == [PAIR]


def test_without_a_reference_nothing_is_asked_of_the_model() -> None:
    batcher = FakeBatcher(agree)
    assert make_scorer(batcher).certainties([PAIR], "de", "fr", soon()) == {}
    assert make_scorer(batcher).certainties([], "de", "en", soon()) == {}
    assert batcher.jobs == []


def test_a_full_queue_refuses_and_begins_nothing() -> None:
    batcher = FakeBatcher(agree, room=1)
    with pytest.raises(QueueFull):
        make_scorer(batcher).certainties([PAIR, ("Ein Satz", "A sentence")], "de", "en", soon())
    assert batcher.jobs == []


def test_when_one_fails_the_request_fails_and_the_rest_is_dropped() -> None:
    batcher = HandBatcher()
    threading.Timer(0.05, lambda: fail(batcher)).start()
    with pytest.raises(InferenceFailed):
        make_scorer(batcher).certainties([PAIR, ("Ein Satz", "A sentence")], "de", "en", soon())
    assert isinstance(batcher.jobs[1].error, Cancelled)


def fail(batcher: HandBatcher) -> None:
    job = batcher.jobs[0]
    batcher.start(job)
    job.error, job.state = InferenceFailed("broken"), JobState.ENDED
    job.on_done(job)


def test_a_deadline_and_a_caller_who_hangs_up_end_the_wait() -> None:
    batcher = HandBatcher()
    with pytest.raises(DeadlineExceeded):
        make_scorer(batcher).certainties([PAIR], "de", "en", soon(0.05))
    with pytest.raises(Cancelled):
        make_scorer(batcher).certainties([PAIR], "de", "en", RequestContext.within(9, abandoned=lambda: True))
    assert all(job.state is JobState.ENDED for job in batcher.jobs)


class BusyBatcher(HandBatcher):
    def stats(self) -> QueueStats:
        return QueueStats(1, 2, 30, 5.0, 7.0)


def test_what_waits_for_a_model_are_searches_and_scores() -> None:
    both = served(batcher=BusyBatcher(), scorer=make_scorer(BusyBatcher()))
    with both.use(soon()) as loaded:
        assert loaded.queued() == QueueStats(2, 4, 60, 5.0, 14.0)
    with served(batcher=BusyBatcher()).use(soon()) as loaded:
        assert loaded.queued() == QueueStats(1, 2, 30, 5.0, 7.0)


def make_checker(scorer: Scorer | None = None) -> Checker:
    return Checker(checks=FakeChecks(check_translation("de", "en")), router=Router([served(scorer=scorer)]))


def test_pairs_are_checked_in_order_with_certainty_where_a_model_leads() -> None:
    pairs = [("Es waren 12 Leute.", "There were 13 people."), PAIR, ("", ""), ("Es waren 12 Leute.", "")]
    result = make_checker(make_scorer()).check(pairs, "de", "en", soon())
    assert [item.flags for item in result.items] == [
        (Flag.NUMBERS_CHANGED,),
        (),
        (),
        (Flag.LENGTH_RATIO, Flag.NUMBERS_CHANGED),
    ]
    assert [item.certainty is None for item in result.items] == [False, False, True, True]
    assert [model.id for model in result.models] == ["toy"]
    assert (result.usage.segments, result.usage.characters) == (4, sum(len(a) + len(b) for a, b in pairs))


@pytest.mark.parametrize("languages", [("en", "de"), ("sv", "fi"), ("de", "de")])
def test_any_two_languages_can_be_checked(languages: tuple[str, str]) -> None:
    result = make_checker(make_scorer()).check([("Es waren 12.", "Oli 13.")], *languages, soon())
    assert result.items[0].flags == (Flag.NUMBERS_CHANGED,)
    assert (result.items[0].certainty, result.models) == (None, ())


def test_checking_many_pairs_looks_at_the_clock() -> None:
    with pytest.raises(DeadlineExceeded):
        make_checker().check([PAIR], "de", "en", soon(-1))
    with pytest.raises(Cancelled):
        make_checker().check([PAIR], "de", "en", RequestContext.within(9, abandoned=lambda: True))
