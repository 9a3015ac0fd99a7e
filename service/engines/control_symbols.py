"""Keeps control symbols apart from text: whatever a user writes, no token of it may steer the model."""

from __future__ import annotations

import re
from collections.abc import Sequence

CONTROL_SYMBOLS = frozenset({"<s>", "</s>", "<pad>", "<unk>", "<mask>"})
_LANGUAGE_CODE = re.compile(r">>.+<<")  # how multilingual Marian models name their target language
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def is_control(token: str) -> bool:
    """Whether a model could take `token` for an instruction."""
    return token in CONTROL_SYMBOLS or _LANGUAGE_CODE.fullmatch(token) is not None


def defuse(tokens: Sequence[str]) -> list[str]:
    """`tokens` with every control symbol spelled out in single characters. Changes nothing else.

    The subword models of the known snapshots never make one out of text; this holds for those of unknown ones too.
    """
    if "<" not in "".join(tokens):  # every control symbol has one, and nearly no sentence
        return list(tokens)
    result: list[str] = []
    for token in tokens:
        if is_control(token):
            result.extend(token)
        else:
            result.append(token)
    return result


def without_surrogates(text: str) -> str:
    """`text` with lone surrogates, which JSON can carry but UTF-8 can't, replaced by U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)
