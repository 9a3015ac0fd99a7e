"""One round: every system started once, given its loads, and ended. Fills `Results`; knows no bar and no table."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench import limit
from bench.corpus import Supply
from bench.foretold import faults
from bench.loads import Figures, Session, Sizes
from bench.process import RunningSystem
from bench.results import Results
from bench.system import Model, Served
from service.engines.marian_tokenizer import MarianSubwordTokenizer

OURS = ("cold", "idle", "hot", "update", "ramp", "growth", "mixed")
PEERS_FIRST = ("cold", "idle", "some hot", "some update", "ramp", "brief mixed")
PEERS_LATER = ("cold", "idle")
"""Loads by round. What no bar rests on is measured once, and on less text where a peer has no cache to speed it up."""

_SOME = 4  # articles
_SETTLE_SECONDS = 2.0  # between load 1 and the look at memory, for every system alike


class Rounds:
    """Runs systems and limit on the same texts in every round, which begin with the same seed."""

    def __init__(
        self, results: Results, sizes: Sizes, supply: Callable[[], Supply], say: Callable[[str], None]
    ) -> None:
        self._results = results
        self._sizes = sizes
        self._supply = supply
        self._say = say

    def run_system(self, served: Served, log: Path, loads: Sequence[str], sizes: Sizes | None = None) -> None:
        """Start `served` and give it `loads`, in their order, of those below; of other `sizes` where they are given."""
        session = Session(served, self._supply(), sizes or self._sizes)
        with RunningSystem(served, log) as system:
            self._note(served.name, start=system.first_answer(session.first_body()))
            for load in loads:
                self._run_load(load, served.name, session, system)

    def _run_load(self, load: str, name: str, session: Session, system: RunningSystem) -> None:
        match load:
            case "cold":
                self._load(name, load, session.cold())
                self._note(name, cold_peak_mb=system.resident_megabytes())
                time.sleep(_SETTLE_SECONDS)
                self._note(name, memory_mb=system.resident_megabytes())
            case "idle":
                self._load(name, load, session.idle())
            case "hot":
                self._load(name, load, session.hot())
            case "some hot":
                self._load(name, "hot", session.again(_SOME))
            case "update":
                self._load(name, load, session.update())
            case "some update":
                self._load(name, "update", session.update(_SOME))
            case "ramp":
                for clients in session.sizes.ramp:
                    self._load(name, f"ramp {clients}", session.ramp(clients))
            case "growth":
                short, long = session.growth()
                self._note(name, short_time=short, long_time=long)
            case "mixed" | "brief mixed":
                limit = session.sizes.mixed_seconds if load == "mixed" else session.sizes.mixed_peer_seconds
                bulk, probes = session.mixed(limit)
                self._load(name, "bulk", bulk)
                self._load(name, "mixed", probes)
            case _:
                raise ValueError(f"there is no load {load!r}")

    def run_limit(
        self, model: Model, settings: Sequence[limit.Setting], environment: Mapping[str, str], beam: int
    ) -> limit.Setting:
        """Measure the ceiling in each setting; notes the best of the round and returns it."""
        supply = self._supply()
        articles = supply.articles(self._sizes.articles)
        sentences = [sentence for article in articles for sentence in article.sentences]
        tokenizer = MarianSubwordTokenizer(
            *(model.snapshot / name for name in ("source.spm", "target.spm", "vocab.json"))
        )
        found = limit.measure(
            model.ctranslate2, [tokenizer.encode(sentence) for sentence in sentences], settings, environment, beam
        )
        best = min(found, key=lambda each: float(each["seconds"]))
        for each in found:
            setting = limit.Setting(**each["setting"])
            self._say(f"  limit: {setting}: {len(sentences) / each['seconds']:.1f} sentences/s")
        wrong = sum(
            faults(tokenizer.decode(output), [[supply.foretold.target(sentence)]])
            for sentence, output in zip(sentences, best["outputs"], strict=True)
        )
        self._note("limit", cold_rate=len(sentences) / best["seconds"], cold_time=best["seconds"], cold_wrong=wrong)
        return limit.Setting(**best["setting"])

    def _load(self, system: str, load: str, figures: Figures) -> None:
        key = load.replace(" ", "_")
        self._say(
            f"  {system}: {load}: {figures.sentences_per_second:.1f} sentences/s, median {figures.median:.3f} s, "
            f"p95 {figures.p95:.3f} s, {figures.wrong} wrong, {figures.failed} failed"
        )
        self._note(
            system,
            **{
                f"{key}_rate": figures.sentences_per_second,
                f"{key}_articles": figures.articles_per_second,
                f"{key}_time": figures.seconds,
                f"{key}_median": figures.median,
                f"{key}_p95": figures.p95,
                f"{key}_wrong": figures.wrong,
                f"{key}_failed": figures.failed,
            },
        )

    def _note(self, system: str, **values: float) -> None:
        for name, value in values.items():
            self._results.add(system, name, value)


def save(results: Results, path: Path) -> None:
    """Write everything as JSON, after every round, so that a run that breaks off has told something."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results.document(), indent=1) + "\n", encoding="utf-8")
