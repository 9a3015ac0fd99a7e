"""Packs a MarianMT model as an Argos Translate package, the form in which LibreTranslate loads models.

Argos tokenizes, and detokenizes, with the source side's sentencepiece model; there is no place for the target side's.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bench.system import Model

FOLDER = "translate-de_en"


def metadata(model: Model) -> dict[str, object]:
    """The content of metadata.json."""
    return {
        "package_version": "1.0",
        "argos_version": "1.9",
        "type": "translate",
        "from_code": "de",
        "from_name": "German",
        "to_code": "en",
        "to_name": "English",
        "description": f"{model.id}, packed for a benchmark",
    }


def pack(model: Model, packages: Path) -> Path:
    """Put the model into the folder `packages`, in place of an earlier one. Returns the package's folder.

    The weights are linked, not copied. Argos hands source tokens to CTranslate2 without an end, which MarianMT
    models need, so CTranslate2 is told to add it.
    """
    package = packages / FOLDER
    if package.exists():
        shutil.rmtree(package)
    (package / "model").mkdir(parents=True)
    for file in model.ctranslate2.iterdir():
        if file.name != "config.json":
            (package / "model" / file.name).symlink_to(file.resolve())
    settings = json.loads((model.ctranslate2 / "config.json").read_text(encoding="utf-8"))
    _write(package / "model" / "config.json", settings | {"add_source_eos": True})
    _write(package / "metadata.json", metadata(model))
    shutil.copyfile(model.snapshot / "source.spm", package / "sentencepiece.model")
    return package


def _write(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
