"""Has a snapshot turned into a CTranslate2 int8 model by a process of its own, `service.models.convert_worker`.

Only that process loads torch and transformers; its memory is given back when it ends.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from service.core.errors import ConversionFailed

QUANTIZATION = "int8"
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_LIBRARIES = ("ctranslate2", "transformers", "torch")


class Converter(Protocol):
    """Fills the empty folder `output` from `snapshot`, where weights end up as model.safetensors."""

    def __call__(self, snapshot: Path, output: Path) -> dict[str, str]:
        """What converted: library to version. Raises ConversionFailed."""
        ...


def convert(snapshot: Path, output: Path) -> dict[str, str]:
    """Convert in a child process, which ends with this one. Needs about twice the model's size in memory."""
    environment = {
        **os.environ,
        "DISABLE_SAFETENSORS_CONVERSION": "1",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_VERBOSITY": "error",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH")])),
    }
    child = subprocess.Popen(  # noqa: S603  (our own module)
        [sys.executable, "-m", "service.models.convert_worker", str(snapshot), str(output), QUANTIZATION],
        env=environment,
        stdin=subprocess.PIPE,  # stays open as long as this process lives: the child watches it
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    with child:
        try:
            assert child.stdin is not None and child.stderr is not None
            errors = child.stderr.read()
            code = child.wait()
        except BaseException:
            child.kill()
            raise
    if code != 0:
        last = next((line.strip() for line in reversed(errors.splitlines()) if line.strip()), "it left no message")
        cause = f"killed by signal {-code}, perhaps out of memory" if code < 0 else f"exit code {code}"
        failure = ConversionFailed(f"conversion to CTranslate2 failed ({cause}): {last}")
        failure.add_note(errors)
        raise failure
    return {**{name: importlib.metadata.version(name) for name in _LIBRARIES}, "quantization": QUANTIZATION}
