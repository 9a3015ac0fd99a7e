"""Bodies of `POST /v1/check`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from service.api.schemas.common import (
    Certainty,
    Findings,
    ModelBody,
    RequestBody,
    ResponseBody,
    SizedRequest,
    TargetLanguageCode,
    Text,
    UsageBody,
    drop_default,
    few_enough,
)
from service.core.enums import Flag
from service.core.types import CheckResult

MAX_ITEMS = 1000


class CheckItem(RequestBody):
    """A source and its translation. What else an item has isn't looked at."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    source: Text
    target: Text


class CheckRequest(SizedRequest):
    """Which translations to check, and how urgently."""

    items: Annotated[list[CheckItem], Field(min_length=1, max_length=MAX_ITEMS), few_enough]
    source_lang: TargetLanguageCode
    target_lang: TargetLanguageCode
    priority: Literal["interactive", "bulk"] = "interactive"

    @property
    def texts(self) -> list[str]:
        """Sources and targets."""
        return [text for item in self.items for text in (item.source, item.target)]


class CheckedItemBody(ResponseBody):
    """What there is to say about one item; offsets count code points of its own texts."""

    certainty: Certainty | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    flags: list[Flag]
    findings: Findings


class CheckResponse(ResponseBody):
    """One for each item, in order."""

    items: list[CheckedItemBody]
    models: list[ModelBody]
    usage: UsageBody

    @classmethod
    def of(cls, result: CheckResult) -> CheckResponse:
        """The answer as the core gave it."""
        return cls.model_validate(result)
