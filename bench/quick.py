"""`make bench-quick`: a look at speed in under two minutes, on the demo model, against the ratios that were recorded.

Information for whoever reads the log: it never fails for being slow. The demo model is tiny, so that what the service
adds to the engine weighs far more here than with a real one, and a loss in it shows.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from bench import depesche, limit
from bench.corpus import Supply, read_sentences
from bench.foretold import ByHeart
from bench.installed import demo
from bench.loads import Sizes
from bench.process import free_port
from bench.results import Results
from bench.rounds import Rounds
from service.settings.cpu import physical_cores

RECORD = Path(__file__).with_name("quick.json")
_ROUNDS = 3
_NOTEWORTHY = 0.25  # below the record by more than that is said loudly
_LOADS = ("cold", "idle", "hot", "update", "growth")
RATIOS = {
    "cold throughput / limit": ("depesche", "cold_rate", "limit", "cold_rate"),
    "hot / cold throughput": ("depesche", "hot_rate", "depesche", "cold_rate"),
    "new / updated articles, time": ("depesche", "cold_time", "depesche", "update_time"),
    "ten texts / one of ten times the length, time": ("depesche", "ten_short_times", "depesche", "long_time"),
}
"""All such that more is better."""


def measure() -> dict[str, float]:
    """The ratios, each of medians over the rounds."""
    found, sentences, known = demo(), read_sentences(None), ByHeart()
    results = Results()
    run = Rounds(results, Sizes(articles=48), lambda: Supply(sentences, known, seed=1), lambda line: None)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(_ROUNDS + 1):
            work = Path(folder) / str(number)
            work.mkdir()
            if number == 0:  # calibrates, and is forgotten
                Rounds(Results(), Sizes(articles=1), lambda: Supply(sentences, known, seed=1), print).run_system(
                    depesche.served(found.store, found.profile, free_port(), work), work / "log", ()
                )
                continue
            run.run_system(depesche.served(found.store, found.profile, free_port(), work), work / "log", _LOADS)
            run.run_limit(
                found.model,
                [limit.Setting(physical_cores(), 1, size) for size in (16, 32)],
                depesche.environment(found.store, work),
                found.beam,
            )
    for value in results.values["depesche"]["short_time"]:
        results.add("depesche", "ten_short_times", 10 * value)
    ratios = {}
    for name, (system, key, other, other_key) in RATIOS.items():
        above, below = results.median(system, key), results.median(other, other_key)
        assert above is not None and below is not None
        ratios[name] = above / below
    return ratios


@click.command(help=__doc__)
@click.option("--record", is_flag=True, help=f"Write the ratios to {RECORD.name} instead of comparing them.")
def main(record: bool) -> None:
    """Measure, and compare or record."""
    ratios = measure()
    if record:
        RECORD.write_text(json.dumps(ratios, indent=1) + "\n", encoding="utf-8")
    recorded: dict[str, float] = json.loads(RECORD.read_text(encoding="utf-8"))
    for name, value in ratios.items():
        change = value / recorded[name] - 1
        remark = "  <-- SLOWER" if change < -_NOTEWORTHY else ""
        click.echo(f"bench-quick: {name:<48}{value:8.2f}  recorded {recorded[name]:8.2f}  {change:+5.0%}{remark}")


if __name__ == "__main__":
    main()
