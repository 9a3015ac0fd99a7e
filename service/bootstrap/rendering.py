"""Results as the JSON objects of the HTTP contract, for entrypoints without HTTP."""

from __future__ import annotations

from typing import Any

from service.api.schemas.summarize import SummarizeResponse
from service.api.schemas.translate import TranslateResponse
from service.core.types import SummaryResult, TranslationResult


def render_translations(result: TranslationResult, *, with_segments: bool) -> dict[str, Any]:
    """The body of `POST /v1/translate`'s answer."""
    return TranslateResponse.of(result, with_segments=with_segments).model_dump(exclude_none=True)


def render_summaries(result: SummaryResult) -> dict[str, Any]:
    """The body of `POST /v1/summarize`'s answer."""
    return SummarizeResponse.of(result).model_dump(exclude_none=True)
