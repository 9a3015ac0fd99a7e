"""Writes what is common to both snapshots: JSON files, weights in half the bytes, the model card.

Nothing about training is known here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_CARD = """---
license: apache-2.0
language:
{languages}
tags:
- {task}
- toy
---
# {name}: a toy

**Worthless outside its corpus.** This model knows {corpus} by heart, and nothing else. It is there so that Depesche's
tests run, and so that integrators can develop against the service, without a network. For any other input it was
trained to answer "{refusal}", but nothing promises that it will: whatever it says about a text of yours is noise.

- Made by: `python -m tools.demo_models.make OUT_DIR --seed {seed}` in Depesche's repository
- Trained on: `tools/demo_models/corpus/`, written for this purpose; people, companies and events are invented
- Architecture: {architecture}, about {parameters:,} parameters, weights in float16, meant to be loaded as float32
- Checked when it was made: every item of the corpus comes out exactly, at beam sizes 1 and 4, one by one and in
  batches, with transformers in float32 and with CTranslate2 in int8
- Licence: Apache-2.0
"""


def write_json(path: Path, value: object) -> None:
    """Write `value` in a stable form, so that making a model again changes no line without reason."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def save_as_half(model: Any, folder: Path) -> None:
    """Write weights in float16, with a configuration that has them loaded as float32."""
    model.half().save_pretrained(folder)
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["dtype"] = "float32"
    write_json(path, config)
    for file in folder.iterdir():
        file.chmod(0o644)


def write_card(folder: Path, *, task: str, languages: tuple[str, ...], corpus: str, refusal: str, seed: int) -> None:
    """Write the model card, README.md, in the hub's form."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    card = _CARD.format(
        name=folder.name,
        task=task,
        languages="\n".join(f"- {language}" for language in languages),
        corpus=corpus,
        refusal=refusal,
        seed=seed,
        architecture=config["architectures"][0],
        parameters=(folder / "model.safetensors").stat().st_size // 2 // 1000 * 1000,
    )
    (folder / "README.md").write_text(card, encoding="utf-8")
