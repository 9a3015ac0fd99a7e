"""How two models share the cores: both at once against each alone, in short slices that take turns.

`python -m bench.pool [--models ID ID] [--rounds N] [--seconds S]`: the models must be installed; one id given twice is
loaded twice. The bar: both together do at least 0.95 of what one alone does in the same time, where each model's work
is counted in what it does alone. Waits are those of single sentences of one model while the other is flooded.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.batching.pool import ModelQueue, Pool
from service.core.types import Job, Priority
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from service.models.catalogue import ModelCatalogue
from service.models.spec import ModelSpec
from service.observability.null import NullObserver
from service.settings.cpu import physical_cores
from tools.demo_models.corpus import read_pairs

BAR = 0.95
_WAITING = 64
"""Jobs of each model that wait or run at any time: enough for full batches on every replica."""
_STORE = Path(__file__).resolve().parents[1] / "model_cache"


@dataclass(slots=True)
class Model:
    """A model in the pool, what it is fed with, and what it has done."""

    name: str
    spec: ModelSpec
    queue: ModelQueue
    sources: Sequence[tuple[str, ...]]
    tokens: int = 0
    fed: int = 0
    on: bool = False

    def feed(self, count: int = 1) -> None:
        """Queue `count` more sentences; each that is done queues the next while the model is on."""
        jobs = []
        for _ in range(count):
            self.fed += 1
            jobs.append(Job(self.sources[self.fed % len(self.sources)], self.spec.decoding, self._done))
        self.queue.submit(jobs, deadline=time.monotonic() + 600, priority=Priority.INTERACTIVE)

    def _done(self, job: Job) -> None:
        if job.hypothesis is not None and self.on:
            self.tokens += job.length
            self.feed()


def open_model(pool: Pool, name: str, model_id: str, catalogue: ModelCatalogue) -> Model:
    """Load an installed model as `name`."""
    spec, installed = catalogue.specs.model(model_id), catalogue.store.get(model_id)
    engine = CTranslate2Engine(
        installed.ctranslate2_dir,
        replicas=physical_cores(),
        spare_replicas=1,
        source_prefix=spec.source_prefix,
        source_suffix=spec.source_suffix,
        max_source_tokens=spec.max_source_tokens,
    )
    folder = installed.snapshot_dir
    tokenizer = MarianSubwordTokenizer(folder / "source.spm", folder / "target.spm", folder / "vocab.json")
    german = spec.source_languages[0] == "de"
    texts = [pair.source if german else pair.target for pair in read_pairs()]
    queue = pool.open_queue(
        name,
        engine,
        max_queue_jobs=10_000,
        max_queue_tokens=1_000_000,
        batch_size=8,
        batch_tokens=512,
        initial_tokens_per_second=5000.0,
    )
    return Model(name, spec, queue, [tuple(tokenizer.encode(text)) for text in texts])


def work(models: Sequence[Model], seconds: float, during: Callable[[float], None] | None = None) -> list[int]:
    """Keep `models` busy for `seconds`; the source tokens that each has done."""
    before = [model.tokens for model in models]
    for model in models:
        model.on = True
        model.feed(_WAITING)
    until = time.monotonic() + seconds
    if during is not None:
        during(until)
    time.sleep(max(0.0, until - time.monotonic()))
    done = [model.tokens - tokens for model, tokens in zip(models, before, strict=True)]
    for model in models:
        model.on = False
    while any(model.queue.stats().queued_interactive for model in models):
        time.sleep(0.01)
    time.sleep(0.1)  # what still runs
    return done


def longest_wait(flooded: Model, other: Model, seconds: float) -> float:
    """The longest time that a single sentence of `other` queued while `flooded` was, in seconds."""
    waits: list[float] = []

    def ask(until: float) -> None:
        while time.monotonic() < until:
            ended = threading.Event()
            job = Job(other.sources[len(waits) % len(other.sources)], other.spec.decoding, lambda _, e=ended: e.set())  # type: ignore[misc]
            other.queue.submit([job], deadline=time.monotonic() + 60, priority=Priority.INTERACTIVE)
            ended.wait(60)
            waits.append(job.queue_seconds)
            time.sleep(0.02)

    work([flooded], seconds, ask)
    return max(waits)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--models", nargs=2, default=["starter-de-en", "demo-en-de"], metavar="ID")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3.0, help="of a slice")
    options = parser.parse_args()
    pool = Pool(replicas=physical_cores(), express=1, observer=NullObserver())
    catalogue = ModelCatalogue.open(_STORE)
    names = [f"{model_id}-{number}" for number, model_id in enumerate(options.models, start=1)]
    first, second = (open_model(pool, name, each, catalogue) for name, each in zip(names, options.models, strict=True))
    work([first, second], options.seconds)  # warm up
    together, shares = [], []
    for _ in range(options.rounds):
        [alone] = work([first], options.seconds)
        engine = [model.queue.stats().engine_seconds for model in (first, second)]
        both = work([first, second], options.seconds)
        used = [
            model.queue.stats().engine_seconds - before for model, before in zip((first, second), engine, strict=True)
        ]
        [other] = work([second], options.seconds)
        together.append(both[0] / alone + both[1] / other)
        shares.append(used[0] / sum(used))
        print(f"alone {alone} and {other} tokens, together {both[0]} and {both[1]}: {together[-1]:.3f} of one alone")
    low, middle, high = statistics.quantiles(together, n=4)
    verdict = "met" if middle >= BAR else "missed"
    print(f"together / alone: {middle:.3f} (quartiles {low:.3f}-{high:.3f}); bar {BAR}: {verdict}")
    print(f"engine time of {first.name}: {statistics.median(shares):.3f} of all")
    for flooded, asked in ((first, second), (second, first)):
        wait = longest_wait(flooded, asked, options.seconds)
        print(f"longest wait of a sentence of {asked.name} while {flooded.name} is flooded: {1000 * wait:.0f} ms")
    threads = [thread.name for thread in threading.enumerate() if thread.name.startswith(("dispatcher", "express"))]
    print(f"dispatcher threads of the process: {len(threads)} ({', '.join(sorted(threads))})")
    pool.close(drain_seconds=5.0)


if __name__ == "__main__":
    main()
