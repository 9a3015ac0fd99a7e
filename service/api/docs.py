"""The contract and its reading room: `/`, `/openapi.yaml`, `/docs`, `/problems/<slug>`. Nothing comes from the web.

The page shows Swagger UI, whose files the package `flask-swagger-ui` brings along.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, send_from_directory

from service.api.contract import contract_path, served_contract
from service.api.problems import PROBLEM_TYPES
from service.api.replies import json_reply
from service.api.schemas.catalogue import IndexResponse
from service.api.schemas.problem import ProblemTypeBody
from service.core.enums import Task, Tier
from service.core.runtime import Runtime

_OWN_ASSETS = Path(__file__).resolve().parent / "static"
_SWAGGER_ASSETS = Path(str(files("flask_swagger_ui") / "dist"))
_ASSETS = {
    "docs.css": _OWN_ASSETS,
    "docs.js": _OWN_ASSETS,
    "swagger-ui.css": _SWAGGER_ASSETS,
    "swagger-ui-bundle.js": _SWAGGER_ASSETS,
}
# Swagger UI sets style attributes and draws its icons from data URLs; it needs no inline or evaluated script.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ASSET_SECONDS = 3600


def docs_routes(runtime: Runtime, version: str) -> Blueprint:
    """The routes of this file. `version` is the service's."""
    routes = Blueprint("docs", __name__, template_folder="templates")
    contract = contract_path().read_text(encoding="utf-8")

    @routes.get("/")
    def index() -> Response:
        return json_reply(IndexResponse(service="depesche", version=version, docs="/docs", contract="/openapi.yaml"))

    @routes.get("/openapi.yaml")
    def openapi() -> Response:
        abstracts = any(
            model.task is Task.SUMMARIZATION and model.info.tier is not Tier.BUILTIN for model in runtime.models()
        )
        served = served_contract(contract, runtime.language_pairs(), abstracts=abstracts)
        response = Response(served, content_type="application/yaml")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @routes.get("/docs")
    def docs() -> Response:
        response = Response(render_template("docs.html", version=version), content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @routes.get("/docs/assets/<name>")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            abort(404)
        return send_from_directory(_ASSETS[name], name, max_age=_ASSET_SECONDS)

    @routes.get("/problems/<slug>")
    def problem(slug: str) -> Response:
        if slug not in PROBLEM_TYPES:
            abort(404)
        known = PROBLEM_TYPES[slug]
        body = ProblemTypeBody(type=known.uri, title=known.title, status=known.status, description=known.description)
        return json_reply(body)

    return routes
