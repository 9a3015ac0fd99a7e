"""LibreTranslate as a system under test: set up under the work folder with the model that all systems get."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bench.peers import argos_package, libretranslate_venv
from bench.system import Model, Served

WORKERS = 2
THREADS_PER_WORKER = 1
TIMEOUT_SECONDS = 3600
_ROOT = Path(__file__).parents[2]


def prepare(model: Model, work: Path) -> None:
    """Install LibreTranslate, unless that was done, and pack the model for it. Raises RuntimeError."""
    libretranslate_venv.install(_venv(work))
    argos_package.pack(model, _packages(work))


def served(model: Model, port: int, work: Path) -> Served:
    """As its Docker image starts it: gunicorn, here with a worker for each of two cores, without recycling them."""
    del model
    server = f"-m gunicorn --workers {WORKERS} --timeout {TIMEOUT_SECONDS} --bind 127.0.0.1:{port}"
    return Served(
        name="libretranslate",
        command=(str(_venv(work) / "bin" / "python"), *server.split(), "bench.peers.libretranslate_wsgi:app()"),
        environment=_environment(work),
        port=port,
        path="/translate",
        body=_body,
        text_of=_text,
        notes=(
            f"libretranslate {libretranslate_venv.VERSION}: gunicorn as in its Docker image, {WORKERS} workers with "
            f"{THREADS_PER_WORKER} thread each (workers aren't replaced after 250 requests); no limits, no cache; "
            "beam size 4, which is its default, and int8",
            "libretranslate: patched to split sentences at full stops, question and exclamation marks, since its "
            "splitting model is a download, and to look for no language packages on the network",
        ),
    )


def _environment(work: Path) -> dict[str, str]:
    home = work / "libretranslate-home"
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(_ROOT),
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "ARGOS_PACKAGES_DIR": str(_packages(work)),
        "ARGOS_CHUNK_TYPE": "MINISBD",
        "ARGOS_INTER_THREADS": "1",
        "ARGOS_INTRA_THREADS": str(THREADS_PER_WORKER),
        "OMP_NUM_THREADS": str(THREADS_PER_WORKER),
        "LIBRETRANSLATE_ARGUMENTS": "--load-only de,en --disable-web-ui --disable-files-translation",
    }


def _venv(work: Path) -> Path:
    return work / "libretranslate-venv"


def _packages(work: Path) -> Path:
    return work / "libretranslate-packages"


def _body(text: str, bulk: bool) -> bytes:
    del bulk
    return json.dumps({"q": text, "source": "de", "target": "en", "format": "text"}, ensure_ascii=False).encode()


def _text(body: bytes) -> str:
    text: str = json.loads(body)["translatedText"]
    return text
