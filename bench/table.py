"""Prints results: a table of figures by system, and a table of the bars. Markdown, so that it can stand in a README."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench.results import BARS, Results

ROWS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("new articles, sentences/s", "cold_rate", "{:.1f}".format),
    ("new articles, p95 s", "cold_p95", "{:.1f}".format),
    ("the same again, sentences/s", "hot_rate", "{:,.0f}".format),
    ("one sentence changed, articles/s", "update_articles", "{:.2f}".format),
    ("one short sentence alone, median ms", "idle_median", lambda value: f"{1000 * value:.0f}"),
    ("the same beside a bulk article, p95 ms", "mixed_p95", lambda value: f"{1000 * value:,.0f}"),
    ("start to first answer, s", "start", "{:.1f}".format),
    ("memory after new articles, MB", "memory_mb", "{:.0f}".format),
    ("memory while they run, MB", "cold_peak_mb", "{:.0f}".format),
)


def lines(results: Results) -> Iterator[str]:
    """The whole report, line by line."""
    systems = list(results.values)
    yield f"| median of {results.facts['rounds']} rounds | {' | '.join(systems)} |"
    yield "|---|" + "---:|" * len(systems)
    for label, name, show in ROWS:
        if any(results.median(system, name) is not None for system in systems):
            yield f"| {label} | {' | '.join(_cell(results, system, name, show) for system in systems)} |"
    yield f"| wrong sentences, failed requests | {' | '.join(_faults(results, system) for system in systems)} |"
    yield ""
    yield "| ratio | value | bar | |"
    yield "|---|---:|---:|---|"
    for bar in BARS:
        value, sign = bar.value(results), "≥" if bar.at_least else "≤"
        if value is not None:
            verdict = "met" if bar.is_met(results) else "**missed**"
            yield f"| {bar.name} | {value:.3g} | {sign} {bar.limit:g} | {verdict} |"
    yield ""
    yield from results.facts["notes"]


def _cell(results: Results, system: str, name: str, show: Callable[[float], str]) -> str:
    median = results.median(system, name)
    if median is None:
        return ""
    rounds = len(results.values[system][name])
    return show(median) + (f" ±{results.spread(system, name) / 2:.0%}" if rounds > 1 else "")


def _faults(results: Results, system: str) -> str:
    found = results.values[system]

    def total(kind: str) -> int:
        return int(sum(sum(values) for name, values in found.items() if name.endswith(f"_{kind}")))

    return f"{total('wrong')}, {total('failed')}"
