"""What is to be known of one model: languages, limits, decoding, licence, where it comes from. Reads no files.

The models here are read strictly: a table of a spec file becomes a `ModelSpec` or an error that names the key.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetPydanticSchema,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic_core import core_schema

from service.core.enums import Task, Tier
from service.core.types import DecodingOptions
from service.models.faults import fault

COME_ALONG = frozenset({Tier.STARTER, Tier.DEMO})
"""Tiers of the models that come with Depesche, which nobody imports unless by name."""

COMMIT_HASH = re.compile(r"[0-9a-f]{40}")
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
"""Form of the names of models and profiles. Ids become folder names."""

_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_TARGET_TOKEN = r"^>>[A-Za-z0-9_-]{2,32}<<$"  # noqa: S105 - ">>deu<<" opens no door
_REPOSITORY = r"^[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*$"
_REVISION = r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$"


def _not_blank(text: str) -> str:
    if not text.strip():
        raise fault("is empty")
    return text


def _distinct(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(texts)) != len(texts):
        raise fault("names something twice")
    return texts


def _some(texts: tuple[str, ...]) -> tuple[str, ...]:
    if not texts:
        raise fault("is empty")
    return _distinct(texts)


Text = Annotated[str, AfterValidator(_not_blank)]
# TOML has lists where pydantic, when it is strict, wants tuples, and words where it wants enumerations.
Tokens = Annotated[tuple[Text, ...], Field(strict=False), AfterValidator(_distinct)]
Names = Annotated[tuple[Annotated[str, Field(pattern=NAME)], ...], Field(strict=False), AfterValidator(_some)]
Languages = Annotated[tuple[Annotated[str, Field(pattern=_LANGUAGE)], ...], Field(strict=False), AfterValidator(_some)]


class _Table(BaseModel):
    """A table of a spec file: the right types, no other keys, never changed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Window(_Table):
    """How a summarizer reads long articles, in source tokens without the special ones.

    An article of more than `source_tokens` (by default the model's max_source_tokens) is read in chunks that end at
    sentences; one of fewer than `min_source_tokens` is too short to summarize.
    """

    source_tokens: int = Field(ge=1)
    min_source_tokens: int = Field(default=0, ge=0)


_PLAIN = DecodingOptions()


class Decoding(_Table):
    """The table of a model's decoding options; they become the core's `DecodingOptions`, which has the same fields."""

    beam_size: int = Field(default=_PLAIN.beam_size, ge=1, le=32)
    length_penalty: float = Field(default=_PLAIN.length_penalty, ge=0)
    max_length: int | None = Field(default=None, ge=1)
    max_length_factor: float | None = Field(default=_PLAIN.max_length_factor, ge=0.1)
    max_length_margin: int = Field(default=_PLAIN.max_length_margin, ge=0)
    min_length: int = Field(default=_PLAIN.min_length, ge=0)
    no_repeat_ngram_size: int = Field(default=_PLAIN.no_repeat_ngram_size, ge=0)
    repetition_penalty: float = Field(default=_PLAIN.repetition_penalty, ge=0.1)
    target_prefix: Tokens = _PLAIN.target_prefix


def _options(value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> DecodingOptions:
    """A table of decoding options as the core's; `max_length` is by default all that the model may say."""
    if isinstance(value, DecodingOptions):
        return value
    table = read(value)
    most = info.data.get("max_target_tokens", _PLAIN.max_length)  # missing where it is at fault itself
    options = DecodingOptions(**{**dict(table), "max_length": table.max_length or most})
    if options.max_length > most:
        raise fault(f"{options.max_length} must be at most {most}, the model's max_target_tokens", "max_length")
    if options.min_length > options.max_length:
        raise fault(f"{options.min_length} is more than max_length, {options.max_length}", "min_length")
    return options


class ModelSpec(_Table):
    """A model as the table describes it. Languages are BCP 47 codes; lengths leave out special tokens.

    `repository` is None for models that don't come from the hub. `revision` is a commit (40 hex digits), or a branch,
    and then `revision_note` says why. `source_prefix` and `source_suffix` are what the model wants around its source
    tokens; the suffix is the end token. `target_tokens` names, for each target language, the token that tells the
    model which language to write; it goes before the source tokens. `licence_note` says what isn't sure of `licence`.
    """

    id: str = Field(pattern=NAME)
    task: Annotated[Task, Field(strict=False)]
    source_languages: Languages
    target_languages: Languages
    tier: Annotated[Tier, Field(strict=False)]
    tokenizer: Literal["marian", "byte_level_bpe"]
    licence: Text
    licence_note: str = ""
    attribution: Text
    max_source_tokens: int = Field(ge=1)
    max_target_tokens: int = Field(ge=1)
    repository: Annotated[str, Field(pattern=_REPOSITORY)] | None = None
    revision: str = ""
    revision_note: str = ""
    decoding: Annotated[
        DecodingOptions,
        GetPydanticSchema(
            lambda _, handler: core_schema.with_info_wrap_validator_function(_options, handler(Decoding))
        ),
    ] = Field(default_factory=lambda data: DecodingOptions(max_length=data["max_target_tokens"]))
    source_prefix: Tokens = ()
    source_suffix: Tokens = ()
    target_tokens: dict[str, Annotated[str, Field(pattern=_TARGET_TOKEN)]] = Field(default_factory=dict)
    window: Window | None = None

    @property
    def pinned(self) -> bool:
        """Whether `revision` names a commit rather than a branch."""
        return COMMIT_HASH.fullmatch(self.revision) is not None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All (source, target) that the model translates. Summarizers stay within a language and have none."""
        return tuple(
            (source, target)
            for source in self.source_languages
            for target in self.target_languages
            if source != target and self.task is Task.TRANSLATION
        )

    def target_token(self, target: str) -> str | None:
        """The token that goes before the source tokens when `target` is to be written; None where none is needed."""
        return self.target_tokens.get(target)

    @property
    def special_source_tokens(self) -> int:
        """How many tokens the model gets besides those of the source; they take positions too."""
        return len(self.source_prefix) + len(self.source_suffix) + (1 if self.target_tokens else 0)

    @field_validator("tier")
    @classmethod
    def _has_weights(cls, tier: Tier) -> Tier:
        if tier is Tier.BUILTIN:
            raise fault("'builtin' is for methods that need no model")
        return tier

    @field_validator("window", mode="before")
    @classmethod
    def _fill_window(cls, window: Any, info: ValidationInfo) -> Any:
        if isinstance(window, dict) and "max_source_tokens" in info.data:
            return {"source_tokens": info.data["max_source_tokens"], **window}
        return window

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.repository is not None:
            self._check_revision()
        self._check_window()
        if self.task is Task.TRANSLATION and not self.pairs:
            raise fault("has no language but the source's own", "target_languages")
        self._check_target_tokens()
        return self

    def _check_revision(self) -> None:
        if not self.revision:
            raise fault("missing; a model from the hub needs one", "revision")
        if not re.fullmatch(_REVISION, self.revision):
            raise fault(f"{self.revision!r} has not the right form ({_REVISION})", "revision")
        if not self.pinned and not self.revision_note:
            raise fault(f"{self.revision!r} is no commit (40 hex digits): revision_note must say why", "revision")

    def _check_window(self) -> None:
        if self.window is None:
            if self.task is Task.SUMMARIZATION:
                raise fault("missing; a summarizer needs one", "window")
            return
        for key in ("source_tokens", "min_source_tokens"):
            value = getattr(self.window, key)
            if value > self.max_source_tokens:
                most = self.max_source_tokens
                raise fault(f"{value} must be at most {most}, the model's max_source_tokens", "window", key)

    def _check_target_tokens(self) -> None:
        for target in self.target_tokens:
            if target not in self.target_languages:
                known = ", ".join(self.target_languages)
                raise fault(f"the model has no such target language; it has {known}", "target_tokens", target)
        if self.target_tokens and self.tokenizer != "marian":
            raise fault(f"a model with tokenizer {self.tokenizer!r} takes none", "target_tokens")
        missing = [target for target in self.target_languages if target not in self.target_tokens]
        if missing and len(self.target_languages) > 1 and self.task is Task.TRANSLATION:
            raise fault(
                f"missing for {', '.join(missing)}; a model with several target languages must be told which to write",
                "target_tokens",
            )


class Profile(_Table):
    """Models that serve together. Where two translate the same pair, the one that is named first does."""

    name: str = Field(pattern=NAME)
    model_ids: Names = Field(alias="models")
    description: str = ""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    @field_validator("name")
    @classmethod
    def _not_auto(cls, name: str) -> str:
        if name == "auto":
            raise fault("'auto' can't be the name of a profile: it chooses one")
        return name
