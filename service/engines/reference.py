"""Decodes a sample of sentences to see how sure a model usually is, and keeps what it found in a file.

Losing the file costs the seconds of decoding again; so failures to read or write it are not errors.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from service.core.generation.certainty import sureness
from service.core.ports import Engine
from service.core.types import DecodingOptions

Values = dict[str, list[float]]
"""How sure a model is of each sentence of a sample, by "source-target"."""

_BATCH = 8
_LEAST = 40  # sentences; fewer are no sample


def measure(
    engine: Engine,
    sources: Sequence[Sequence[str]],
    options: DecodingOptions,
    *,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> list[float]:
    """What `sureness` gives for each of `sources` (tokens), in no order; some are left out when `seconds` are over.

    At least 40 are decoded, if there are as many. All replicas are used. Raises whatever the engine raises.
    """
    until = clock() + seconds
    # Every kind of sentence is in what is decoded first, and neighbours in length are in one batch.
    rounds = [list(sources[start :: max(1, len(sources) // _LEAST)]) for start in range(max(1, len(sources) // _LEAST))]
    found: list[float] = []
    with ThreadPoolExecutor(engine.replicas, thread_name_prefix="reference") as pool:
        for part in rounds:
            if found and clock() >= until:
                break
            part.sort(key=len)
            batches = [part[start : start + _BATCH] for start in range(0, len(part), _BATCH)]
            for hypotheses in pool.map(lambda batch: engine.generate(batch, options), batches):
                found += [value for value in map(sureness, hypotheses) if value is not None]
    return found


def recall(paths: Iterable[Path], fingerprint: Mapping[str, object]) -> Values | None:
    """What is stored in one of `paths` for `fingerprint`."""
    for path in paths:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored["of"] == fingerprint:
                return {str(pair): [float(value) for value in values] for pair, values in stored["values"].items()}
    return None


def keep(paths: Iterable[Path], fingerprint: Mapping[str, object], values: Values) -> None:
    """Store `values` in the first of `paths` that can be written."""
    rounded = {pair: sorted(round(value, 4) for value in found) for pair, found in values.items()}
    document = json.dumps({"of": fingerprint, "values": rounded}) + "\n"
    for path in paths:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}.tmp")
            draft.write_text(document, encoding="utf-8")
            draft.replace(path)
            return
