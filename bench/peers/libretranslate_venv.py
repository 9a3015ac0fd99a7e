"""Sets up the virtual environment that LibreTranslate runs in; knows nothing of models or of serving."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

VERSION = "1.9.6"
_CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
_STAMP = "installed.txt"


def requirements(constraints: str) -> list[str]:
    """What is installed. torch and gunicorn are the releases that Depesche has: `constraints` is its file's text."""
    pins = [line.strip() for line in constraints.splitlines() if line.lower().startswith(("torch==", "gunicorn=="))]
    if len(pins) != 2:
        raise RuntimeError("constraints.txt doesn't pin torch and gunicorn")
    return [f"libretranslate=={VERSION}", *pins]


def install(folder: Path) -> None:
    """Make the environment, or bring it up to date; does nothing where that was done. Raises RuntimeError."""
    wanted = requirements(_CONSTRAINTS.read_text(encoding="utf-8"))
    stamp = folder / _STAMP
    if stamp.exists() and stamp.read_text(encoding="utf-8").split() == wanted:
        return
    if not (folder / "bin" / "python").exists():
        _run([sys.executable, "-m", "venv", str(folder)])
    _run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted])
    stamp.write_text("\n".join(wanted), encoding="utf-8")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"LibreTranslate can't be installed: {' '.join(command)}\n{done.stderr[-2000:]}")
