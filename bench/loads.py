"""The loads that every system gets, each a function from a running system to figures. Knows no bar and prints nothing.

All texts of a session are new to the system, but for those of `hot` and, but for one sentence each, `update`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bench.client import Connection, Reply, Run, beside, closed_loop
from bench.corpus import Article, Supply
from bench.foretold import Foretold, faults
from bench.system import Served

_PROBE_PAUSE = 0.25  # seconds between one-sentence requests beside a bulk article
_PROBES = 240


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of each load. `ramp` is numbers of clients; its articles have one paragraph each."""

    clients: int = 16
    articles: int = 32
    idle: int = 20
    bulk_sentences: int = 2000
    mixed_seconds: float = 240.0
    mixed_peer_seconds: float = 60.0
    ramp: tuple[int, ...] = (1, 4, 16, 64)
    ramp_least: int = 8
    short_text: int = 40
    long_factor: int = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """What one load came to. Latencies in seconds; `wrong` counts sentences, `failed` requests without a 200."""

    articles: int
    sentences: int
    seconds: float
    articles_per_second: float
    sentences_per_second: float
    median: float
    p95: float
    wrong: int
    failed: int

    def document(self) -> dict[str, float]:
        """For JSON."""
        return asdict(self)


class Session:
    """One start of one system: the loads run on it in order, with texts of their own."""

    def __init__(self, served: Served, supply: Supply, sizes: Sizes) -> None:
        self._served = served
        self._supply = supply
        self.sizes = sizes
        self._articles = supply.articles(sizes.articles)
        self.first_text = self._supply.short(1)[0]

    def first_body(self) -> bytes:
        """The one-sentence request that tells when a system has started."""
        return self._served.body(self.first_text, False)

    def cold(self) -> Figures:
        """Articles of twenty sentences, nothing cached."""
        return self._closed(self._articles, self.sizes.clients)

    def hot(self) -> Figures:
        """The same articles again, as many times over as make the time measurable."""
        return self._closed(self._articles * 8, self.sizes.clients)

    def again(self, articles: int) -> Figures:
        """The first articles again, once: for systems that take as long as the first time."""
        return self._closed(self._articles[:articles], self.sizes.clients)

    def update(self, articles: int | None = None) -> Figures:
        """Each article again with one sentence changed."""
        known = self._articles[:articles]
        new = self._supply.take(len(known))
        changed = [
            article.with_change(number % len(article.sentences), sentence)
            for number, (article, sentence) in enumerate(zip(known, new, strict=True))
        ]
        return self._closed(changed, self.sizes.clients)

    def idle(self) -> Figures:
        """One short sentence at a time, nothing else going on."""
        return self._closed([Article([sentence]) for sentence in self._supply.short(self.sizes.idle)], 1)

    def ramp(self, clients: int) -> Figures:
        """Short articles, one paragraph each: one a client, and a few at least."""
        count = max(self.sizes.ramp_least, clients)
        return self._closed([Article(self._supply.take(4)) for _ in range(count)], clients)

    def mixed(self, limit: float) -> tuple[Figures, Figures]:
        """(a bulk article, the one-sentence requests that arrived meanwhile), watched for `limit` seconds at most."""
        bulk = Article(self._supply.take(self.sizes.bulk_sentences))
        probes = [Article([sentence]) for sentence in self._supply.short(_PROBES)]
        bodies = [self._served.body(probe.text, False) for probe in probes]
        behind, before = beside(
            self._served, self._served.body(bulk.text, True), bodies, pause=_PROBE_PAUSE, limit=limit
        )
        return self._figures([bulk], behind), self._figures(probes[: len(before.replies)], before)

    def growth(self) -> tuple[float, float]:
        """Seconds for a text, and for one that is longer by `long_factor`, alone on the machine."""
        seconds = []
        for count in (self.sizes.short_text, self.sizes.short_text * self.sizes.long_factor):
            body = self._served.body(Article(self._supply.take(count)).text, False)
            connection = Connection(self._served)
            began = time.perf_counter()
            reply = connection.post(body)
            seconds.append(time.perf_counter() - began)
            connection.close()
            if reply.status != 200:
                raise RuntimeError(f"{self._served.name} answered {reply.status} to a text of {count} sentences")
        return seconds[0], seconds[1]

    def _closed(self, articles: Sequence[Article], clients: int) -> Figures:
        bodies = [self._served.body(article.text, False) for article in articles]
        return self._figures(articles, closed_loop(self._served, bodies, clients))

    def _figures(self, articles: Sequence[Article], run: Run) -> Figures:
        done = [reply for reply in run.replies if reply.status == 200]
        wrong = sum(
            wrong_sentences(self._served, self._supply.foretold, article, reply)
            for article, reply in zip(articles, run.replies, strict=True)
        )
        sentences = sum(
            len(article.sentences) for article, reply in zip(articles, run.replies, strict=True) if reply.status == 200
        )
        latencies = sorted(reply.seconds for reply in run.replies)
        return Figures(
            articles=len(done),
            sentences=sentences,
            seconds=run.seconds,
            articles_per_second=len(done) / run.seconds,
            sentences_per_second=sentences / run.seconds,
            median=quantile(latencies, 0.5),
            p95=quantile(latencies, 0.95),
            wrong=wrong,
            failed=len(run.replies) - len(done),
        )


def wrong_sentences(served: Served, foretold: Foretold, article: Article, reply: Reply) -> int:
    """How many sentences of an answered article are wrong. One without an answer has none: it counts as failed."""
    if reply.status != 200:
        return 0
    paragraphs = [[foretold.target(sentence) for sentence in paragraph] for paragraph in article.paragraphs()]
    return faults(served.text_of(reply.body), paragraphs)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted values lie (the next higher one; NaN of none)."""
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
