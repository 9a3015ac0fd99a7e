"""What gunicorn loads to serve LibreTranslate, as the wsgi.py of its repository does, which its package lacks.

Runs in LibreTranslate's environment. It changes two things: nothing is downloaded, and sentences are split by the
plain splitter of this folder, since the splitting model would have to be downloaded.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import libretranslate.init as startup  # type: ignore[import-not-found]
from argostranslate import sbd  # type: ignore[import-not-found]
from libretranslate.main import main  # type: ignore[import-not-found]

from bench.peers.sentences import split

ARGUMENTS_VARIABLE = "LIBRETRANSLATE_ARGUMENTS"


def _no_downloads(*_: object) -> None:
    """In place of the look for language packages on the network."""


def _split(_: object, text: str) -> list[str]:
    return split(text)


def app() -> Any:
    """The WSGI app; command line arguments come from the environment."""
    startup.boot = _no_downloads
    sbd.MiniSBDSentencizer.split_sentences = _split
    sys.argv = ["--wsgi", *os.environ.get(ARGUMENTS_VARIABLE, "").split()]
    return main()
