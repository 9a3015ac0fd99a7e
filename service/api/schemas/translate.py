"""Bodies of `POST /v1/translate`."""

from __future__ import annotations

from collections.abc import Sequence
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
from service.core.enums import Flag, Quality, WarningCode
from service.core.translation.review import review
from service.core.types import TranslatedSegment, Translation, TranslationResult

MAX_TEXTS = 64
MAX_REVIEW = 100

_Texts = Annotated[list[Text], Field(min_length=1, max_length=MAX_TEXTS), few_enough, Tag(MANY_TEXTS)]


class TranslateRequest(TextsRequest):
    """What to translate, and how urgently."""

    text: Annotated[OneText | _Texts, BY_FORM]
    source_lang: LanguageCode = "auto"
    target_lang: TargetLanguageCode = "en"
    include_segments: bool = False
    review: Annotated[int, Field(ge=0, le=MAX_REVIEW)] = 0
    quality: Literal["best", "fast"] = "best"
    priority: Literal["interactive", "bulk"] = "interactive"


class SegmentBody(ResponseBody):
    """One segment of the source and what became of it; offsets count code points."""

    source: str
    target: str
    source_start: Offset
    source_end: Offset
    target_start: Offset
    target_end: Offset
    source_lang: str
    model: str | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    cached: bool
    certainty: Certainty | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    flags: list[Flag]
    findings: Findings


class TranslationBody(ResponseBody):
    """One translated text."""

    text: str
    source_lang: str
    target_lang: str
    model: str | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    warnings: list[WarningCode]
    certainty: Certainty | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    segments: list[SegmentBody] | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    review: list[SegmentBody] | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)

    @classmethod
    def of(cls, translation: Translation, *, with_segments: bool, for_review: int = 0) -> TranslationBody:
        """The translation, with its segments or without, and those `for_review` that deserve a look most."""
        return cls(
            text=translation.text,
            source_lang=translation.source_lang,
            target_lang=translation.target_lang,
            model=translation.model,
            warnings=list(translation.warnings),
            certainty=translation.certainty,
            segments=_bodies(translation.segments) if with_segments else None,
            review=_bodies(review(translation.segments, for_review)) if for_review else None,
        )


def _bodies(segments: Sequence[TranslatedSegment]) -> list[SegmentBody]:
    return [SegmentBody.model_validate(segment) for segment in segments]


class TranslateResponse(ResponseBody):
    """One translation per text, in order."""

    translations: list[TranslationBody]
    models: list[ModelBody]
    quality: Literal["fast"] | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    usage: UsageBody

    @classmethod
    def of(
        cls,
        result: TranslationResult,
        *,
        with_segments: bool,
        for_review: int = 0,
        quality: Quality = Quality.BEST,
    ) -> TranslateResponse:
        """The answer to a request whose `include_segments` is `with_segments`, and whose `review` is `for_review`."""
        return cls(
            translations=[
                TranslationBody.of(each, with_segments=with_segments, for_review=for_review)
                for each in result.translations
            ],
            models=[ModelBody.of(model) for model in result.models],
            quality="fast" if quality is Quality.FAST else None,
            usage=UsageBody.of(result.usage),
        )
