"""`GET /v1/models` and `GET /v1/languages`: what this deployment can do."""

from __future__ import annotations

from flask import Blueprint, Response

from service.api.replies import json_reply
from service.api.schemas.catalogue import (
    LanguagePairBody,
    LanguagesResponse,
    ModelDescriptionBody,
    ModelsResponse,
)
from service.core.runtime import Runtime


def catalogue_routes(runtime: Runtime) -> Blueprint:
    """The routes of this file, for the `/v1` blueprint."""
    routes = Blueprint("catalogue", __name__)

    @routes.get("/models")
    def models() -> Response:
        described = [ModelDescriptionBody.described(model) for model in runtime.models()]
        return json_reply(ModelsResponse(profile=runtime.profile, models=described))

    @routes.get("/languages")
    def languages() -> Response:
        pairs = [LanguagePairBody.model_validate(pair) for pair in runtime.language_pairs()]
        return json_reply(LanguagesResponse(languages=pairs))

    return routes
