"""The value objects of the model table: one model, how it reads long input, and the profiles. Reads no files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from service.core.types import DecodingOptions

COME_ALONG = frozenset({"starter", "demo"})
"""Tiers of the models that come with Depesche, which nobody imports unless by name."""

COMMIT_HASH = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Window:
    """How a summarizer reads long articles, in source tokens without the special ones.

    An article of more than `source_tokens` is read in chunks that end at sentences; one of fewer than
    `min_source_tokens` is too short to summarize.
    """

    source_tokens: int
    min_source_tokens: int


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model as the table describes it. Languages are BCP 47 codes; lengths leave out special tokens.

    `task` is "translation" or "summarization"; `tier` is "production", "evaluation", "starter" or "demo";
    `tokenizer` is "marian" or "byte_level_bpe". `repository` is None for models that don't come from the hub.
    `revision` is a commit (40 hex digits), or a branch, and then `revision_note` says why. `source_prefix` and
    `source_suffix` are what the model wants around its source tokens; the suffix is the end token.
    """

    id: str
    task: str
    source_languages: tuple[str, ...]
    target_languages: tuple[str, ...]
    tier: str
    tokenizer: str
    licence: str
    attribution: str
    max_source_tokens: int
    max_target_tokens: int
    repository: str | None = None
    revision: str = ""
    revision_note: str = ""
    decoding: DecodingOptions = field(default_factory=DecodingOptions)
    source_prefix: tuple[str, ...] = ()
    source_suffix: tuple[str, ...] = ()
    window: Window | None = None

    @property
    def pinned(self) -> bool:
        """Whether `revision` names a commit rather than a branch."""
        return COMMIT_HASH.fullmatch(self.revision) is not None


@dataclass(frozen=True, slots=True)
class Profile:
    """Models that serve together."""

    name: str
    model_ids: tuple[str, ...]
    description: str
