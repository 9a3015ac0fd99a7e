"""What a sentence costs beside its search: the processor's time outside the engine, and how far one process grows.

Run `python -m bench.overhead [--profile starter] [--corpus FILE|FOLDER] [--sentences 1200]`.

The whole service runs in this process, without a socket: JSON in and out, segments, keys, cache, queue, checks.
Articles of 20 sentences are asked for by 16 threads. First the engine translates them; then its answers are replayed
to services that have never seen them, so that what they cost is all but the search. Python holds its interpreter lock
for nearly all of that, so it is also how long a sentence keeps every other thread out: one process can't do more
sentences a second than there are such times in a second, however many cores the engine gets.

Printed are milliseconds a sentence, new and cached, with the least and the most of all rounds, and where the search
stops gaining by more cores of this kind. Asserts nothing.
"""

from __future__ import annotations

import io
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bench.corpus import Supply, read_sentences
from bench.foretold import Foretold
from service.bootstrap.application import Application, open_application
from service.core.types import DecodingOptions, Hypothesis
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.settings import load_settings

_CLIENTS = 16
_SENTENCES_PER_ARTICLE = 20


class Replay:
    """An engine's answers, kept by their questions. `seconds` is the processor's time of the search for new ones."""

    def __init__(self, search: Callable[[CTranslate2Engine, Any, DecodingOptions], list[Hypothesis]]) -> None:
        self._search = search
        self._known: dict[tuple[tuple[str, ...], DecodingOptions], Hypothesis] = {}
        self._lock = threading.Lock()
        self.seconds = 0.0
        self.searched = 0

    def generate(
        self, engine: CTranslate2Engine, sources: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[Hypothesis]:
        """What `CTranslate2Engine.generate` gives, searched for once."""
        keys = [(tuple(source), options) for source in sources]
        known = self._known
        if any(key not in known for key in keys):
            began = time.perf_counter()
            found = self._search(engine, sources, options)
            with self._lock:  # a replica searches on a core of its own, in threads whose time isn't this thread's
                self.seconds += time.perf_counter() - began
                self.searched += len(keys)
            known.update(zip(keys, found, strict=True))
        return [known[key] for key in keys]


@contextmanager
def replaying() -> Iterator[Replay]:
    """Let every engine of this process replay what it has answered before."""
    original = CTranslate2Engine.generate
    replay = Replay(original)

    def generate(
        engine: CTranslate2Engine, sources: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[Hypothesis]:
        return replay.generate(engine, sources, options)

    CTranslate2Engine.generate = generate  # type: ignore[method-assign,assignment]
    try:
        yield replay
    finally:
        CTranslate2Engine.generate = original  # type: ignore[method-assign]


@contextmanager
def serving(profile: str | None) -> Iterator[Any]:
    """The WSGI application of a service of its own, with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings().model_copy(
            update={"cache_dir": Path(folder), "queue_jobs": 100_000, "queue_tokens": 10_000_000}
            | ({"profile": profile} if profile else {})
        )
        application: Application = open_application(settings)
        app = application.wsgi()
        loaded = threading.Event()
        failures: list[str] = []

        def failed(reason: object) -> None:
            failures.append(str(reason))
            loaded.set()

        application.service.start(when_ready=loaded.set, when_failed=failed)
        loaded.wait()
        if failures:
            raise RuntimeError(failures[0])
        try:
            yield app
        finally:
            application.service.close(drain_seconds=10.0)


def ask(app: Any, body: bytes) -> None:
    """One request, as a WSGI server makes it. Raises RuntimeError for an answer that isn't 200."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/translate",
        "SERVER_NAME": "bench",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "bench",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    statuses: list[str] = []
    answer = b"".join(app(environ, lambda status, headers, failure=None: statuses.append(status)))
    if not statuses[0].startswith("200"):
        raise RuntimeError(f"{statuses[0]}: {answer[:500]!r}")


def load(app: Any, bodies: Sequence[bytes]) -> float:
    """Ask for all `bodies`, and give the processor's time that the process spent meanwhile, in seconds."""
    waiting = iter(bodies)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                body = next(waiting, None)
            if body is None:
                return
            ask(app, body)

    threads = [threading.Thread(target=work) for _ in range(_CLIENTS)]
    began = time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.process_time() - began


@click.command(help=__doc__)
@click.option("--profile", help="Model profile (default: what would be served).")
@click.option("--corpus", type=click.Path(exists=True, path_type=Path), help="File, or folder of *.de.")
@click.option("--sentences", type=click.IntRange(min=20), default=1200, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
def main(profile: str | None, corpus: Path | None, sentences: int, rounds: int) -> None:
    """Measure and print."""
    texts = Supply(read_sentences(corpus), Foretold(), seed=1).take(sentences)
    bodies = [
        json.dumps(
            {"text": " ".join(texts[i : i + _SENTENCES_PER_ARTICLE]), "source_lang": "de", "target_lang": "en"}
        ).encode()
        for i in range(0, len(texts), _SENTENCES_PER_ARTICLE)
    ]
    new: list[float] = []
    cached: list[float] = []
    with replaying() as replay:
        with serving(profile) as app:
            load(app, bodies)
        for _ in range(rounds):
            with serving(profile) as app:
                searched = replay.searched
                new.append(1000 * load(app, bodies) / len(texts))
                if replay.searched > searched:
                    raise RuntimeError("the engine was asked for what it hadn't answered before")
                cached.append(1000 * load(app, bodies) / len(texts))
    for name, values in (("new", new), ("cached", cached)):
        click.echo(
            f"{name:<8}{statistics.median(values):6.3f} ms a sentence ({min(values):.3f} to {max(values):.3f}), "
            f"so at most {1000 / statistics.median(values):6.0f} a second in one process"
        )
    search = 1000 * replay.seconds / len(texts)
    click.echo(
        f"search  {search:6.3f} ms a sentence on a core, {replay.searched} searches for {len(texts)}: "
        f"one process grows to {search / statistics.median(new):.0f} such cores"
    )


if __name__ == "__main__":
    main()
