"""What the bodies of several endpoints share: base classes, the text field, and the model and usage blocks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, ValidationInfo
from pydantic_core import PydanticCustomError

from service.core.enums import Category, Flag, Severity, Tier
from service.core.translation.languages import AUTO
from service.core.types import Finding, ModelInfo, Usage
from service.language.codes import canonical

ONE_TEXT, MANY_TEXTS = "<one text>", "<many texts>"
"""Names of the two forms of `text` in pydantic's error locations; no JSON pointer shows them."""


class RequestBody(BaseModel):
    """Requests are strict: no conversion between types, no unknown members."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class ResponseBody(BaseModel):
    """Responses are made from the core's value objects; members that are None are left out of the JSON."""

    model_config = ConfigDict(from_attributes=True, frozen=True, hide_input_in_errors=True)


def _encodable(text: str) -> str:
    # JSON can escape half of a surrogate pair ("\ud800"): a Python string, but no Unicode text.
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError(
            "unpaired_surrogate", "has an unpaired surrogate at code point {position}", {"position": error.start}
        ) from None
    return text


def _few_enough(value: Any, info: ValidationInfo) -> Any:
    limit = (info.context or {}).get("max_texts")
    if limit is not None and isinstance(value, list) and len(value) > limit:
        raise PydanticCustomError("too_many_texts", "has more than {limit} texts", {"limit": limit})
    return value


def _form(value: Any) -> str | None:
    if isinstance(value, str):
        return ONE_TEXT
    return MANY_TEXTS if isinstance(value, list) else None


Text = Annotated[str, AfterValidator(_encodable)]

OneText = Annotated[Text, Tag(ONE_TEXT)]

BY_FORM = Discriminator(
    _form, custom_error_type="text_type", custom_error_message="must be a string or a list of strings"
)
"""Chooses between `OneText` and a list by the JSON type, so that errors speak of the form that was meant."""

few_enough = BeforeValidator(_few_enough)
"""Applies the deployment's own limit (validation context `max_texts`), which may be under the contract's."""


def _canonical(code: str) -> str:
    try:
        return canonical(code)
    except ValueError:
        raise PydanticCustomError("language_code", "is no language code (BCP 47, ISO 639)") from None


def _is_language(code: str) -> str:
    if code == AUTO:
        raise PydanticCustomError("language_code", "must name a language")
    return code


LanguageCode = Annotated[
    str, Field(pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$", max_length=35), AfterValidator(_canonical)
]
"""A language in any usual spelling (de, DE, de-AT, de_DE, deu, ger), or "auto"; read as its primary BCP 47 code."""

TargetLanguageCode = Annotated[LanguageCode, AfterValidator(_is_language)]


class SizedRequest(RequestBody):
    """A request about texts, whose size is bounded."""

    @property
    def texts(self) -> list[str]:
        """All texts that were sent."""
        raise NotImplementedError


class TextsRequest(SizedRequest):
    """A request about one text or several. Subclasses declare `text` with their own limit."""

    text: Any
    source_lang: str = AUTO

    @property
    def texts(self) -> list[str]:
        """The texts, in order, whether one or several were sent."""
        return [self.text] if isinstance(self.text, str) else list(self.text)


Offset = Annotated[int, Field(ge=0)]
"""A place in a text, in code points."""


Certainty = Annotated[float, Field(ge=0, le=1)]
"""The share of a sample of news of which the model was less sure."""


class SpanBody(ResponseBody):
    """A half-open range of code points."""

    start: Offset
    end: Offset


class FindingBody(ResponseBody):
    """What a check found, how much that matters, what kind of error it is, and where."""

    flag: Flag
    severity: Severity
    category: Category
    source: list[SpanBody]
    target: list[SpanBody]

    @classmethod
    def of(cls, finding: Finding) -> FindingBody:
        """The same facts as the core has them, and their category."""
        return cls(
            flag=finding.flag,
            severity=finding.severity,
            category=finding.flag.category,
            source=[SpanBody.model_validate(span) for span in finding.source],
            target=[SpanBody.model_validate(span) for span in finding.target],
        )


def _found(findings: Any) -> Any:
    return [FindingBody.of(each) if isinstance(each, Finding) else each for each in findings]


Findings = Annotated[list[FindingBody], BeforeValidator(_found)]
"""Findings of the core, as bodies."""


class ModelBody(ResponseBody):
    """Which model answered."""

    id: str
    revision: str
    engine: str
    compute_type: str
    tier: Tier

    @classmethod
    def of(cls, info: ModelInfo) -> ModelBody:
        """The same facts as the core has them."""
        return cls.model_validate(info)


class UsageBody(ResponseBody):
    """What a request cost."""

    characters: Annotated[int, Field(ge=0)]
    segments: Annotated[int, Field(ge=0)]
    segments_cached: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, usage: Usage) -> UsageBody:
        """The same facts as the core has them."""
        return cls.model_validate(usage)


def drop_default(schema: dict[str, Any]) -> None:
    """Leave `default: null` out of the JSON schema of a member that is absent instead of null."""
    schema.pop("default", None)
