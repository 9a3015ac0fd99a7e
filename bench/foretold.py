"""What a translation must be, where that is known: a cipher's output token by token, the demo corpus by heart.

With any other model only the form of an answer is checked: every paragraph there, none empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from service.checks.translation import check_translation
from service.core.findings import serious
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from tools.demo_models.corpus import read_pairs

_check = check_translation("de", "en")

CIPHER_FILE = "partners.json"
"""Beside the weights of a cipher: the output token's id for each source token's id."""

_ANYTHING = "\ue000"
"""Stands in a target for a piece that the model doesn't know."""


class Foretold:
    """Knows the right output of some sentences. `kind` says in words how answers are checked."""

    kind = "paragraphs counted, none empty"

    def target(self, sentence: str) -> str | None:
        """The translation of `sentence`, or None where it isn't known."""
        del sentence
        return None


class Cipher(Foretold):
    """The model is a cipher: each output token is the fixed partner of the source token at its place."""

    kind = (
        "every sentence compared with the cipher's known output, but for those (6 %) whose output looks wrong, as a "
        "cipher's may: Depesche's checks see that, and may answer with another hypothesis"
    )

    def __init__(self, snapshot: Path, partners: Path) -> None:
        self._tokenizer = MarianSubwordTokenizer(
            snapshot / "source.spm", snapshot / "target.spm", snapshot / "vocab.json"
        )
        self._ids: dict[str, int] = json.loads((snapshot / "vocab.json").read_text(encoding="utf-8"))
        self._tokens = {number: token for token, number in self._ids.items()}
        self._partners: list[int] = json.loads(partners.read_text(encoding="utf-8"))

    def target(self, sentence: str) -> str | None:
        """Exact, but for white space around pieces that other tokenizers join otherwise; None where it looks wrong."""
        unknown = self._ids["<unk>"]
        source = [self._ids.get(token, unknown) for token in self._tokenizer.encode(sentence)]
        tokens = [self._tokens[self._partners[number]] for number in source]
        if serious(_check(sentence, self._tokenizer.decode(tokens), True)):
            return None
        return self._tokenizer.decode([_ANYTHING if token == "<unk>" else token for token in tokens])


class ByHeart(Foretold):
    """The demo model: the sentences of its corpus are known, all others are not."""

    kind = "sentences of the demo corpus compared with their translations, others counted"

    def __init__(self) -> None:
        self._pairs: Mapping[str, str] = {pair.source: pair.target for pair in read_pairs()}

    def target(self, sentence: str) -> str | None:
        """The corpus's own translation."""
        return self._pairs.get(sentence)


def faults(answer: str, paragraphs: Sequence[Sequence[str | None]]) -> int:
    """How many sentences of an answer are wrong or missing, given those expected (None: unknown) by paragraph.

    White space and case don't count: LibreTranslate joins some pieces otherwise, and capitalizes like the source. An
    unknown sentence may be anything but empty; for a piece that the model doesn't know anything may stand, since
    LibreTranslate puts the source's there, and others nothing.
    """
    found = answer.split("\n\n")
    if len(found) != len(paragraphs):
        return sum(map(len, paragraphs))
    wrong = 0
    for text, expected in zip(found, paragraphs, strict=True):
        forms = [".+?" if each is None else _form(each) for each in expected]
        if not re.fullmatch("".join(forms), _bare(text), re.DOTALL):
            wrong += max(1, sum(re.search(form, _bare(text)) is None for form in forms))
    return wrong


def _form(target: str) -> str:
    return re.escape(_bare(target)).replace(_ANYTHING, ".*?")


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()
