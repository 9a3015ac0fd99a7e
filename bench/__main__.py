"""`make bench`, or `python -m bench`: Depesche, its peers and the engine alone, side by side in one run.

Every system gets the same model, texts and load, in rounds that take turns. Prints a table and writes JSON; asserts
nothing. Ratios within a run mean something; figures of different machines or runs don't compare.
"""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from bench import depesche, limit, table
from bench.corpus import Supply, read_sentences
from bench.foretold import ByHeart, Cipher, Foretold
from bench.installed import Installed, import_model, installed
from bench.loads import Sizes
from bench.peers import PEERS
from bench.plot import draw
from bench.process import RunningSystem, free_port
from bench.results import Results
from bench.rounds import OURS, PEERS_FIRST, PEERS_LATER, Rounds, save
from bench.system import Served
from service.settings.cpu import physical_cores

SYSTEMS = ("depesche", "limit", "libretranslate", "naive-batched", "naive")
_SEED = 1
_SLOW = {"naive": Sizes(articles=6, ramp=(1, 4, 16)), "naive-batched": Sizes(articles=8)}
"""Systems whose throughput shows on fewer articles, which are the first of those that the others get."""


def foretold(found: Installed, source: Path | None) -> Foretold:
    """What is known of the model's outputs: a cipher has its key beside its weights, demo models their corpus."""
    key = source / "partners.json" if source is not None else None
    if key is not None and key.is_file():
        return Cipher(found.model.snapshot, key)
    return ByHeart() if found.profile == "demo" else Foretold()


def facts(found: Installed, **more: object) -> dict[str, Any]:
    """What figures depend on: model, machine and releases."""
    return {
        "model": found.model.id,
        "model_file_mb": (found.model.ctranslate2 / "model.bin").stat().st_size / 1e6,
        "cores": physical_cores(),
        "machine": platform.machine(),
        "versions": {name: version(name) for name in ("depesche", "ctranslate2", "transformers", "torch")},
        "notes": [],
        **more,
    }


@click.command(help=__doc__)
@click.option("--model", type=click.Path(exists=True, path_type=Path), help="Snapshot to use (default: the installed).")
@click.option(
    "--corpus", type=click.Path(exists=True, path_type=Path), help="File, or folder of *.de, a sentence a line."
)
@click.option("--systems", default=",".join(SYSTEMS), show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--articles", default=Sizes().articles, type=int, show_default=True, help="Articles of load 1.")
@click.option("--work", type=click.Path(path_type=Path), default=Path(".bench"), show_default=True)
@click.option(
    "--record", type=click.Path(path_type=Path), help="Also write PATH.json and PATH.svg (for the repository)."
)
def main(
    model: Path | None, corpus: Path | None, systems: str, rounds: int, articles: int, work: Path, record: Path | None
) -> None:
    """Run everything."""
    wanted = [name.strip() for name in systems.split(",")]
    if unknown := set(wanted) - set(SYSTEMS):
        raise click.ClickException(f"unknown systems: {', '.join(sorted(unknown))}; there are {', '.join(SYSTEMS)}")
    work = work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    found = import_model(model, work) if model is not None else installed()
    sentences = read_sentences(corpus)
    known = foretold(found, model)
    sizes = Sizes(articles=articles)
    results = Results(facts=facts(found, rounds=rounds, articles=articles, checked=known.kind))
    run = Rounds(results, sizes, lambda: Supply(sentences, known, seed=_SEED), click.echo)

    def start(name: str, folder: Path) -> Served:
        if name == "depesche":
            return depesche.served(found.store, found.profile, free_port(), folder)
        return PEERS[name].served(found.model, free_port(), work)

    for name in PEERS.keys() & set(wanted):
        PEERS[name].prepare(found.model, work)
    if "depesche" in wanted:
        results.facts["first_start_seconds"] = _calibrate(start("depesche", work / "first"), work)
    settings = limit.sweep(physical_cores())
    for number in range(rounds):
        for name in wanted[number % len(wanted) :] + wanted[: number % len(wanted)]:
            click.echo(f"round {number + 1}: {name}")
            folder = work / f"round-{number + 1}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            if name == "limit":
                environment = depesche.environment(found.store, folder)
                best = run.run_limit(found.model, settings, environment, found.beam)
                settings = [best]
                results.facts["limit"] = str(best)
            else:
                served = start(name, folder)
                results.facts["notes"] = list(dict.fromkeys([*results.facts["notes"], *served.notes]))
                peers = PEERS_FIRST if number == 0 else PEERS_LATER
                loads = OURS if name == "depesche" else peers
                run.run_system(served, work / f"{name}.log", loads, _SLOW.get(name))
            save(results, work / "results.json")
    results.facts["notes"] += [
        f"{name}: the first {sizes.articles} of {articles} articles" for name, sizes in _SLOW.items() if name in wanted
    ]
    results.facts["notes"] += [f"limit: {results.facts.get('limit')}", f"answers: {known.kind}"]
    save(results, work / "results.json")
    draw(results, work / "ramp.svg")
    if record is not None:
        save(results, record.with_suffix(".json"))
        draw(results, record.with_suffix(".svg"))
    click.echo("")
    for line in table.lines(results):
        click.echo(line)


def _calibrate(served: Served, work: Path) -> float:
    """The first start of all, with the calibration that later ones find stored. Returns its seconds."""
    body = served.body("Die Sitzung begann am Morgen.", False)
    with RunningSystem(served, work / "depesche.log") as system:
        return system.first_answer(body)


if __name__ == "__main__":
    main()
