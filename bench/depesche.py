"""Depesche as a system under test: started as `make serve` starts it, on a private store, cache and port."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from bench.system import Served


def environment(store: Path, work: Path, **settings: str) -> dict[str, str]:
    """The caller's environment with a store, a home and a cache of the benchmark's own; other settings as they are."""
    return dict(os.environ) | {
        "DEPESCHE_MODEL_CACHE": str(store),
        "DEPESCHE_HOST": "127.0.0.1",
        "DEPESCHE_LOG_LEVEL": "warning",
        "DEPESCHE_OFFLINE": "1",
        "DEPESCHE_CACHE_DIR": str(work / "cache"),
        **settings,
    }


def served(store: Path, profile: str, port: int, work: Path) -> Served:
    """`depesche serve` with the models of `store`; the cache, on disk as well, is under `work`."""
    return Served(
        name="depesche",
        command=(sys.executable, "-m", "service.cli", "serve"),
        environment=environment(store, work, DEPESCHE_PORT=str(port), DEPESCHE_PROFILE=profile),
        port=port,
        path="/v1/translate",
        body=_body,
        text_of=_text,
        notes=("depesche: `depesche serve`, as `make serve` starts it, all settings at their defaults",),
    )


def _body(text: str, bulk: bool) -> bytes:
    return json.dumps(
        {"text": text, "source_lang": "de", "priority": "bulk" if bulk else "interactive"}, ensure_ascii=False
    ).encode()


def _text(body: bytes) -> str:
    text: str = json.loads(body)["translations"][0]["text"]
    return text
