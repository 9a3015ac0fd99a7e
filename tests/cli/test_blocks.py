"""How the command line cuts long texts into blocks, and runs several at a time."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cli.blocks import blocks
from service.cli.parallel import in_order


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["a" * 1500, "b" * 9000, "\n\n", "\n", " ", "\n \n", "c"]), max_size=30).map("".join))
def test_blocks_join_to_the_text_and_end_at_empty_lines(text: str) -> None:
    parts = blocks(text)
    assert "".join(part for _, part in parts) == text
    for offset, part in parts:
        assert text[offset : offset + len(part)] == part
    for _, part in parts[:-1]:
        assert part.rstrip(" ").endswith("\n")


def test_a_long_text_of_short_paragraphs_becomes_several_blocks() -> None:
    assert len(blocks("Ein Absatz.\n\n" * 2000)) > 3


def test_results_come_in_order_however_long_each_takes() -> None:
    first_may_end = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            first_may_end.wait(10)
        if number == 3:
            first_may_end.set()
        return number * number

    assert list(in_order(work, range(20), in_flight=4)) == [number * number for number in range(20)]


def test_no_more_than_in_flight_items_are_taken_ahead() -> None:
    taken: list[int] = []

    def items() -> object:
        for number in range(100):
            taken.append(number)
            yield number

    results = in_order(lambda number: number, items(), in_flight=3)  # type: ignore[arg-type,var-annotated]
    next(results)
    assert len(taken) == 3


def test_an_exception_comes_at_its_items_place() -> None:
    results = in_order(lambda number: 1 // (number - 1), [0, 1, 2])
    assert next(results) == -1
    with pytest.raises(ZeroDivisionError):
        next(results)
