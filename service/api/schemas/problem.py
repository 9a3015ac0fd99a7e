"""The body of every error: RFC 9457 problem details with the extension members that Depesche uses."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from service.api.schemas.common import ResponseBody, drop_default


class FaultBody(ResponseBody):
    """One fault of a request: where (JSON pointer, RFC 6901, into the body) and why."""

    pointer: str
    reason: str


class PositionBody(ResponseBody):
    """Where JSON stops being JSON: line and column from 1, offset from 0 in the unit that `detail` names."""

    line: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=1)]
    offset: Annotated[int, Field(ge=0)]


class PairBody(ResponseBody):
    """A translation direction that is on offer."""

    source_lang: str
    target_lang: str


class ProblemBody(ResponseBody):
    """RFC 9457 problem details. The members below `instance` are there where the type calls for them."""

    type: str
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: str
    errors: list[FaultBody] | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    errors_omitted: Annotated[int, Field(ge=1)] | SkipJsonSchema[None] = Field(
        default=None, json_schema_extra=drop_default
    )
    position: PositionBody | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    limit: int | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    size: int | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    supported: list[PairBody] | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)
    reasons: list[str] | SkipJsonSchema[None] = Field(default=None, json_schema_extra=drop_default)


class ProblemTypeBody(ResponseBody):
    """What a problem type means, for people who follow its URI."""

    type: str
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    description: str
