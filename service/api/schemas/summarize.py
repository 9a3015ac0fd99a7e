"""Bodies of `POST /v1/summarize`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag
from pydantic.json_schema import SkipJsonSchema

from service.api.schemas.common import (
    BY_FORM,
    MANY_TEXTS,
    Certainty,
    Findings,
    LanguageCode,
    ModelBody,
    Offset,
    OneText,
    ResponseBody,
    TargetLanguageCode,
    Text,
    TextsRequest,
    UsageBody,
    drop_default,
    few_enough,
)
from service.core.enums import Flag, Method, WarningCode
from service.core.types import SummaryResult

MAX_TEXTS = 16
MAX_SENTENCES = 50

_Texts = Annotated[list[Text], Field(min_length=1, max_length=MAX_TEXTS), few_enough, Tag(MANY_TEXTS)]


class SummarizeRequest(TextsRequest):
    """What to summarize, in which language and how. `target_lang` None means each text's own language."""

    text: Annotated[OneText | _Texts, BY_FORM]
    source_lang: LanguageCode = "auto"
    target_lang: TargetLanguageCode | None = None
    method: Literal["auto", "extractive", "abstractive"] = "auto"
    max_sentences: Annotated[int, Field(ge=1, le=MAX_SENTENCES)] = 3


class EvidenceBody(ResponseBody):
    """A passage of the text that was sent; offsets count code points."""

    start: Offset
    end: Offset
    text: str


class SummarySentenceBody(ResponseBody):
    """One sentence of the summary and what it rests on."""

    text: str
    start: Offset
    end: Offset
    evidence: list[EvidenceBody]
    certainty: Certainty | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    flags: list[Flag]
    findings: Findings


class CoverageBody(ResponseBody):
    """How much of the text was read."""

    characters: Annotated[int, Field(ge=0)]
    characters_used: Annotated[int, Field(ge=0)]
    complete: bool


class SummaryBody(ResponseBody):
    """One summarized text."""

    text: str
    source_lang: str
    target_lang: str
    method: Method
    model: str
    translation_model: str | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    warnings: list[WarningCode]
    sentences: list[SummarySentenceBody]
    coverage: CoverageBody


class SummarizeResponse(ResponseBody):
    """One summary per text, in order."""

    summaries: list[SummaryBody]
    models: list[ModelBody]
    usage: UsageBody

    @classmethod
    def of(cls, result: SummaryResult) -> SummarizeResponse:
        """The answer as the core gave it."""
        return cls.model_validate(result)
