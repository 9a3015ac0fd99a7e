"""Which files a model snapshot must hold, where they lie in a given folder, and whether they fit the spec.

Reads JSON and the header of safetensors files; loads no weights and never unpickles.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from service.core.errors import InvalidSnapshot
from service.models.spec import COMMIT_HASH, ModelSpec

SAFETENSORS = "model.safetensors"
PICKLED = "pytorch_model.bin"
WEIGHTS = (SAFETENSORS, PICKLED)
"""Files of weights that are understood, best first. Converted ones for other frameworks are never fetched."""

_REQUIRED = {
    "marian": ("config.json", "vocab.json", "source.spm", "target.spm"),
    "byte_level_bpe": ("config.json", "vocab.json", "merges.txt"),
}
_OPTIONAL = {
    "marian": ("README.md", "generation_config.json", "tokenizer_config.json", "special_tokens_map.json"),
    "byte_level_bpe": (
        "README.md",  # the model card: what the model is good for, its licence
        "generation_config.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "tokenizer.json",
    ),
}
MODEL_TYPES = {"marian": "marian", "byte_level_bpe": "bart"}
"""What `model_type` in config.json must be for each kind of tokenizer."""

_SPECIAL_TOKENS = {"marian": ("</s>", "<unk>", "<pad>"), "byte_level_bpe": ("<s>", "<pad>", "</s>", "<unk>")}
_EMBEDDINGS = ("model.shared.weight", "shared.weight", "model.encoder.embed_tokens.weight")
_LFS_POINTER = b"version https://git-lfs"
_MAX_HEADER = 100 * 1024 * 1024  # the limit of the safetensors format
_SPECIAL_FORM = re.compile(r"<[^<>]*>")
_PLAIN_CODE = re.compile(r"[a-z]{2}")


def known_files(kind: str) -> frozenset[str]:
    """All file names that a snapshot for tokenizer `kind` may hold."""
    return frozenset((*_REQUIRED[kind], *_OPTIONAL[kind], *WEIGHTS))


def choose_files(kind: str, available: Collection[str], place: str) -> list[str]:
    """The files to take from `available`: all that are required, the best weights, the optional ones that are there.

    Raises InvalidSnapshot that lists what is missing in `place`.
    """
    missing = [name for name in _REQUIRED[kind] if name not in available]
    weights = [name for name in WEIGHTS if name in available][:1]
    if not weights:
        sharded = any(name.startswith(("model-00001-of", "pytorch_model-00001-of")) for name in available)
        missing.append(" or ".join(WEIGHTS) + (" (weights in several parts aren't supported)" if sharded else ""))
    if missing:
        raise InvalidSnapshot(f"{place} lacks {', '.join(missing)}")
    return [*_REQUIRED[kind], *(name for name in _OPTIONAL[kind] if name in available), *weights]


def find_root(folder: Path) -> tuple[Path, str | None]:
    """The folder that holds config.json, and the commit if the folder above is a hub cache's `snapshots`.

    Looks at `folder`, at the one folder in it, and at `snapshots/<hash>` in either. Without config.json anywhere it
    is `folder` itself. Raises InvalidSnapshot when there is a choice.
    """
    for base in (folder, *_only_folder(folder)):
        if (base / "config.json").exists():
            return base, _commit(base)
        found = sorted(path.parent for path in base.glob("snapshots/*/config.json"))
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise InvalidSnapshot(f"{base.name} holds several snapshots ({names}); give the path of one of them")
        if found:
            return found[0], _commit(found[0])
    return folder, None


def _only_folder(folder: Path) -> Sequence[Path]:
    folders = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return folders if len(folders) == 1 else []


def _commit(folder: Path) -> str | None:
    return folder.name if folder.parent.name == "snapshots" and COMMIT_HASH.fullmatch(folder.name) else None


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object. Raises InvalidSnapshot."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidSnapshot(f"{path.name} can't be read: {error}") from error
    if not isinstance(data, dict):
        raise InvalidSnapshot(f"{path.name} is not a JSON object")
    return data


def check(spec: ModelSpec, folder: Path) -> None:
    """Compare the files in `folder` with the spec and with one another. Raises InvalidSnapshot."""
    for path in folder.iterdir():
        _refuse_pointer(path)
    config = read_json(folder / "config.json")
    expected = MODEL_TYPES[spec.tokenizer]
    if config.get("model_type") != expected:
        raise InvalidSnapshot(
            f"config.json describes a {config.get('model_type')!r} model; "
            f"{spec.id} ({spec.tokenizer}) needs {expected!r}"
        )
    if config.get("share_encoder_decoder_embeddings") is False:
        raise InvalidSnapshot("models with separate vocabularies for source and target aren't supported")
    _check_positions(spec, config)
    size = config.get("vocab_size")
    if not isinstance(size, int):
        raise InvalidSnapshot("config.json has no vocab_size")
    _check_vocabulary(spec, read_json(folder / "vocab.json"), size)
    if contradiction := language_contradiction(spec, folder):
        raise InvalidSnapshot(contradiction)
    if (folder / SAFETENSORS).exists():
        _check_weights(folder / SAFETENSORS, size)


def _refuse_pointer(path: Path) -> None:
    with path.open("rb") as stream:
        if stream.read(len(_LFS_POINTER)) == _LFS_POINTER:
            raise InvalidSnapshot(f"{path.name} is a Git LFS pointer, not the file itself; run `git lfs pull` first")


def _check_positions(spec: ModelSpec, config: dict[str, Any]) -> None:
    positions = config.get("max_position_embeddings")
    needed = spec.max_source_tokens + spec.special_source_tokens
    if isinstance(positions, int) and needed > positions:
        raise InvalidSnapshot(
            f"the model has {positions} positions; {spec.id} allows {spec.max_source_tokens} source tokens, "
            f"{needed} with the special ones"
        )


def _check_vocabulary(spec: ModelSpec, vocabulary: dict[str, Any], size: int) -> None:
    ids = set(vocabulary.values())
    if len(ids) != len(vocabulary) or not all(isinstance(number, int) and number >= 0 for number in ids):
        raise InvalidSnapshot("vocab.json doesn't give every token a number of its own")
    # BART's <mask> has a number past the last embedding in models that were tuned for summaries.
    beyond = [token for token, number in vocabulary.items() if number >= size and not _SPECIAL_FORM.fullmatch(token)]
    if beyond or not ids.issuperset(range(size)):
        raise InvalidSnapshot(
            f"vocab.json has {len(vocabulary)} tokens with numbers up to {max(ids, default=-1)}, "
            f"config.json says {size}: they belong to different models"
        )
    lacking = [token for token in _SPECIAL_TOKENS[spec.tokenizer] if token not in vocabulary]
    if lacking:
        raise InvalidSnapshot(f"vocab.json lacks {', '.join(lacking)}")
    mute = [f"{token} ({target})" for target, token in spec.target_tokens.items() if token not in vocabulary]
    if mute:
        raise InvalidSnapshot(f"vocab.json lacks the target tokens {', '.join(mute)}: the model doesn't write these")


def language_contradiction(spec: ModelSpec, folder: Path) -> str | None:
    """What tokenizer_config.json says of the languages that the spec doesn't; None where they agree.

    Only plain codes of two letters are compared: Marian's snapshots also have those of ISO 639-3 ("spa" in
    opus-mt-es-en) and names of groups ("ROMANCE", and even "ZH").
    """
    path = folder / "tokenizer_config.json"
    config = read_json(path) if path.exists() else {}
    for key, languages in (("source_lang", spec.source_languages), ("target_lang", spec.target_languages)):
        code = config.get(key)
        if isinstance(code, str) and _PLAIN_CODE.fullmatch(code) and code not in languages:
            return f"tokenizer_config.json says {key} {code!r}; {spec.id} has {', '.join(languages)}"
    return None


def _check_weights(path: Path, vocabulary_size: int) -> None:
    """The safetensors layout (8 bytes of header length, JSON header, data), its length, and the embedding's rows."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else _MAX_HEADER + 1
        if length > min(size, _MAX_HEADER):
            raise InvalidSnapshot(f"{path.name} is not a safetensors file")
        header = stream.read(length)
    try:
        tensors: dict[str, Any] = json.loads(header)
        tensors.pop("__metadata__", None)
        data_end = max(tensor["data_offsets"][1] for tensor in tensors.values())
        rows = [tensors[name]["shape"][0] for name in _EMBEDDINGS if name in tensors]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise InvalidSnapshot(f"{path.name} is not a safetensors file") from error
    if size != 8 + length + data_end:
        raise InvalidSnapshot(f"{path.name} has {size} bytes instead of {8 + length + data_end}: it is not complete")
    if rows and rows[0] != vocabulary_size:
        raise InvalidSnapshot(f"{path.name} has {rows[0]} embeddings, config.json says {vocabulary_size}")
