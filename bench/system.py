"""What a benchmark needs to know of a system under test: how to start it, how to ask it, how to read its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Model:
    """The installed translation model that every system gets.

    `snapshot` holds config.json, model.safetensors, source.spm, target.spm, vocab.json and generation_config.json;
    `ctranslate2` the same model in int8: model.bin, config.json, shared_vocabulary.json.
    """

    id: str
    snapshot: Path
    ctranslate2: Path


@dataclass(frozen=True, slots=True)
class Served:
    """A system that answers over HTTP.

    `environment` is complete: nothing else is inherited. `body` makes the JSON of a request from a German text and
    whether nobody hurries for it; `text_of` reads the English text, paragraphs kept, out of the body of a 200 answer.
    `notes` are printed under the table: how the system was started, what had to be patched.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    port: int
    path: str
    body: Callable[[str, bool], bytes]
    text_of: Callable[[bytes], str]
    notes: tuple[str, ...] = ()
