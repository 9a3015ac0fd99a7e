"""Bodies of the endpoints that describe the service: models, languages, index, liveness, readiness."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Literal

from service.api.schemas.common import ModelBody, ResponseBody
from service.core.enums import Task
from service.core.types import ModelDescription


class ModelDescriptionBody(ModelBody):
    """A served model: what it does, whose it is, and whether it is ready."""

    task: Task
    source_languages: list[str]
    target_languages: list[str]
    licence: str
    attribution: str
    ready: bool
    details: dict[str, Any]

    @classmethod
    def described(cls, model: ModelDescription) -> ModelDescriptionBody:
        """The same facts as the core has them, in one flat object."""
        described = {each.name: getattr(model, each.name) for each in fields(model) if each.name != "info"}
        return cls.model_validate(ModelBody.of(model.info).model_dump() | described)


class ModelsResponse(ResponseBody):
    """The models of the profile."""

    profile: str
    models: list[ModelDescriptionBody]


class LanguagePairBody(ResponseBody):
    """One thing that can be asked for, the models that take part, and whether it goes by way of English."""

    source_lang: str
    target_lang: str
    task: Task
    models: list[str]
    pivot: bool


class LanguagesResponse(ResponseBody):
    """Everything that can be asked for."""

    languages: list[LanguagePairBody]


class IndexResponse(ResponseBody):
    """Where to go from the root."""

    service: Literal["depesche"]
    version: str
    docs: str
    contract: str


class StatusResponse(ResponseBody):
    """The process is up, or the service is ready."""

    status: Literal["alive", "ready"]
