"""Throughput of the service as `make serve` starts it: new, known and updated articles. Prints; asserts nothing.

    python -m bench.throughput [--corpus FILE] [--articles N] [--clients N]

The corpus holds one German sentence a line; by default it is the demo corpus, shuffled into articles. Speed depends on
the machine and on what else it does; compare figures of one run only.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from bench.service import RunningService
from tools.demo_models.corpus import read_pairs

SENTENCES_PER_ARTICLE = 20
_WORDS = ("Berlin", "Hamburg", "Kiel", "Mainz", "Bonn", "Ulm", "Trier", "Jena", "Gera", "Fulda")


def articles(sentences: list[str], count: int, seed: int) -> list[list[str]]:
    """`count` articles of distinct sentences; where the corpus runs out, its sentences return with another ending."""
    chance = random.Random(seed)
    needed = count * SENTENCES_PER_ARTICLE
    pool = list(dict.fromkeys(sentences))
    chance.shuffle(pool)
    round_ = 0
    while len(pool) < needed:
        round_ += 1
        pool += [f"{sentence} ({chance.choice(_WORDS)} {round_})" for sentence in sentences]
    return [pool[start : start + SENTENCES_PER_ARTICLE] for start in range(0, needed, SENTENCES_PER_ARTICLE)]


def run(service: RunningService, stories: list[list[str]], clients: int) -> tuple[float, list[float]]:
    """Seconds for all stories, and the seconds of each request. Raises on any answer but a complete one."""

    def ask(story: list[str]) -> float:
        began = time.perf_counter()
        body = {"text": "\n\n".join(story), "source_lang": "de"}
        answer = requests.post(service.url("/v1/translate"), json=body, timeout=900)
        answer.raise_for_status()
        [translation] = answer.json()["translations"]
        if translation["text"].count("\n\n") != len(story) - 1:
            raise RuntimeError("an answer lost paragraphs")
        return time.perf_counter() - began

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        seconds = list(pool.map(ask, stories))
    return time.perf_counter() - began, seconds


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="one German sentence a line (default: the demo corpus)")
    parser.add_argument("--articles", type=int, default=32)
    parser.add_argument("--clients", type=int, default=16)
    options = parser.parse_args()
    if options.corpus is None:
        sentences = [pair.source for pair in read_pairs()]
    else:
        sentences = [line for line in options.corpus.read_text(encoding="utf-8").splitlines() if line.strip()]
    cold = articles(sentences, options.articles, seed=1)
    updated = [[*story[:9], f"Nachtrag {number} der Redaktion.", *story[10:]] for number, story in enumerate(cold)]
    with tempfile.TemporaryDirectory() as home, RunningService(Path(home)) as service:
        print(f"profile {service.profile()}, {service.model()}, ready after {service.seconds_to_ready:.1f} s")
        print(f"{options.articles} articles of {SENTENCES_PER_ARTICLE} sentences, {options.clients} clients")
        print(f"{'load':10} {'seconds':>8} {'articles/s':>11} {'sentences/s':>12} {'median s':>9}")
        for name, stories in (("new", cold), ("known", cold), ("updated", updated)):
            seconds, each = run(service, stories, options.clients)
            rate = len(stories) / seconds
            print(
                f"{name:10} {seconds:8.2f} {rate:11.2f} {rate * SENTENCES_PER_ARTICLE:12.1f} "
                f"{statistics.median(each):9.3f}"
            )
        print(f"resident memory {service.resident_megabytes():.0f} MB")


if __name__ == "__main__":
    main()
