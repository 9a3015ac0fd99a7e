"""What the generator promises: right by construction, repeatable, and readable to the service's own checks."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.numbers import numbers_changed
from training.cleaning import Cleaner
from training.synthetic import generate, grouped

PAIRS = list(generate(3000, seed=7))


def test_the_same_seed_gives_the_same_pairs() -> None:
    assert list(generate(50, seed=7)) == PAIRS[:50]
    assert list(generate(50, seed=8)) != PAIRS[:50]


def test_pairs_pass_the_cleaning_and_the_number_check() -> None:
    cleaner = Cleaner()
    assert [
        p for p in PAIRS if numbers_changed(p.source, p.target, "de", "en") or not cleaner.accepts(p.source, p.target)
    ] == []


def test_no_slot_is_left_open() -> None:
    assert [p for p in PAIRS if re.search(r"[{}]", p.source + p.target)] == []


def test_signs_of_temperatures_survive() -> None:
    cold = [p for p in PAIRS if "bei minus " in p.source]
    assert cold
    assert all("minus" in p.target for p in cold)


def test_quotes_are_closed_on_both_sides() -> None:
    quoted = [p for p in PAIRS if '"' in p.target]
    assert quoted
    assert all(p.target.count('"') == 2 for p in quoted)


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=50)
def test_grouping_keeps_the_number(number: int) -> None:
    assert int(grouped(number, ".").replace(".", "")) == number
    assert all(len(group) == 3 for group in grouped(number, ".").split(".")[1:])
