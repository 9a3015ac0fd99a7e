"""The ceiling: CTranslate2 alone, in a process of its own, with all sentences tokenized and known in advance.

`python -m bench.limit JOB` reads a JSON job and prints one JSON line per setting. No HTTP, no checks, no cache: what is
measured is the search alone, in the settings that Depesche serves with.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to run the engine: batches side by side, threads of each, sentences in one, longest first or as given."""

    replicas: int
    threads: int
    batch_size: int
    by_length: bool = True

    def __str__(self) -> str:
        order = "by length" if self.by_length else "as they come"
        return f"{self.replicas} x {self.threads} threads, batches of {self.batch_size} {order}"


def sweep(cores: int) -> list[Setting]:
    """All settings worth trying on `cores` cores."""
    side_by_side = [Setting(cores, 1, size) for size in (16, 24, 32)]
    together = [Setting(1, cores, size) for size in (32,)] if cores > 1 else []
    return [*side_by_side, *together, Setting(cores, 1, 16, by_length=False)]


def measure(
    model: Path,
    sources: Sequence[Sequence[str]],
    settings: Sequence[Setting],
    environment: Mapping[str, str],
    beam: int,
) -> list[dict[str, Any]]:
    """Seconds and outputs (as tokens) for `sources` in each setting, from one fresh process.

    The environment should be what the service runs in: the same allocator, the same instructions.
    """
    job = json.dumps(
        {"model": str(model), "sources": sources, "settings": [asdict(setting) for setting in settings], "beam": beam}
    )
    done = subprocess.run(
        [sys.executable, "-m", "bench.limit"],
        input=job,
        capture_output=True,
        text=True,
        env=dict(environment),
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the limit could not be measured:\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Run the job on standard input."""
    import ctranslate2  # noqa: PLC0415 - only the child process needs it

    job = json.load(sys.stdin)
    sources: list[list[str]] = [[*source, "</s>"] for source in job["sources"]]
    for each in job["settings"]:
        setting = Setting(**each)
        translator = ctranslate2.Translator(
            job["model"],
            device="cpu",
            compute_type="int8",
            inter_threads=setting.replicas,
            intra_threads=setting.threads,
        )
        order = list(range(len(sources)))
        if setting.by_length:
            order.sort(key=lambda number: -len(sources[number]))
        batches = [order[i : i + setting.batch_size] for i in range(0, len(order), setting.batch_size)]

        def run(batch: list[int], translator: Any = translator) -> list[list[str]]:
            results = translator.translate_batch(
                [sources[number] for number in batch],
                beam_size=job["beam"],
                max_input_length=0,
                max_decoding_length=510,
            )
            return [result.hypotheses[0] for result in results]

        outputs: list[list[str]] = [[] for _ in sources]
        with ThreadPoolExecutor(setting.replicas) as pool:
            list(pool.map(run, [[0]] * setting.replicas))  # allocates
            began = time.perf_counter()
            for batch, results in zip(batches, pool.map(run, batches), strict=True):
                for number, result in zip(batch, results, strict=True):
                    outputs[number] = result
            seconds = time.perf_counter() - began
        print(json.dumps({"setting": each, "seconds": seconds, "outputs": outputs}), flush=True)


if __name__ == "__main__":
    main()
