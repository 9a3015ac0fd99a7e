"""Medians, ratios, bars and the table."""

from __future__ import annotations

import pytest

from bench import table
from bench.results import BARS, Results


def results(**changes: float) -> Results:
    made = Results(facts={"rounds": 3, "notes": ["a note"], "model_file_mb": 60.0})
    depesche = {
        "cold_rate": 27.0,
        "cold_time": 20.0,
        "hot_rate": 8000.0,
        "update_time": 1.0,
        "idle_median": 0.1,
        "mixed_p95": 0.3,
        "start": 1.5,
        "memory_mb": 250.0,
        "short_time": 1.0,
        "long_time": 10.0,
        "ramp_1_rate": 10.0,
        "ramp_1_p95": 0.5,
        "ramp_64_rate": 25.0,
        "ramp_64_p95": 9.0,
    }
    for name, value in (depesche | changes).items():
        for factor in (0.9, 1.0, 1.1):
            made.add("depesche", name, value * factor)
    for system, rate, memory in (("limit", 28.0, None), ("naive", 1.5, 760.0), ("libretranslate", 6.0, 450.0)):
        made.add(system, "cold_rate", rate)
        made.add(system, "start", 4.0)
        if memory is not None:
            made.add(system, "memory_mb", memory)
    return made


def test_a_good_run_meets_every_bar() -> None:
    assert {bar.name for bar in BARS if not bar.is_met(results())} == set()


@pytest.mark.parametrize(
    ("change", "bar"),
    [
        ({"cold_rate": 24.0}, "cold throughput / limit"),
        ({"hot_rate": 2000.0}, "hot / cold throughput"),
        ({"update_time": 2.1}, "time for updated / new articles"),
        ({"mixed_p95": 0.5}, "p95 of a sentence beside bulk / idle median"),
        ({"ramp_64_rate": 9.0}, "throughput at most clients / best of ramp"),
        ({"start": 2.1}, "start to first answer / libretranslate"),
        ({"long_time": 11.0}, "time of a text / of one a tenth as long"),
        ({"memory_mb": 300.0}, "memory / (200 MB + 1.5 x model file)"),
    ],
)
def test_a_bar_that_is_missed_is_said(change: dict[str, float], bar: str) -> None:
    made = results(**change)
    assert [each.name for each in BARS if not each.is_met(made)] == [bar]
    assert any(bar in line and "**missed**" in line for line in table.lines(made))


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    made = Results(facts={"rounds": 1, "notes": []})
    made.add("depesche", "cold_rate", 20.0)
    assert {bar.is_met(made) for bar in BARS} == {None}
    assert not any("missed" in line for line in table.lines(made))


def test_the_table_shows_medians_with_their_spread_and_the_notes() -> None:
    lines = list(table.lines(results()))
    assert "| new articles, sentences/s | 27.0 ±10% | 28.0 | 1.5 | 6.0 |" in lines
    assert lines[-1] == "a note"


def test_the_ramp_is_in_order_of_clients() -> None:
    made = results(ramp_4_rate=20.0, ramp_4_p95=1.0)
    assert [clients for clients, _, _ in made.ramp("depesche")] == [1, 4, 64]
