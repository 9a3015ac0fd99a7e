"""The loaded service without HTTP, for the command line: as bulk work, without a deadline that matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from service.api.schemas.check import CheckResponse
from service.api.schemas.summarize import SummarizeResponse
from service.api.schemas.translate import TranslateResponse
from service.bootstrap.application import Application, open_application
from service.core.enums import Method
from service.core.errors import RequestError
from service.core.types import Priority, RequestContext
from service.language.codes import canonical
from service.settings import Settings

_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class LocalService:
    """A loaded service. Use as a context manager: `with open_local_service(settings) as local`."""

    application: Application

    def translate(self, text: str, source: str, target: str, *, with_segments: bool = False) -> dict[str, Any]:
        """One text as {"translation": ..., "models": ...}, formed like the HTTP answer's members."""
        result = self.application.service.translate([text], _code(source), _code(target), _bulk())
        body = TranslateResponse.of(result, with_segments=with_segments).model_dump(exclude_none=True)
        return {"translation": body["translations"][0], "models": body["models"]}

    def check(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> dict[str, Any]:
        """The answer of `POST /v1/check` for pairs of source and target."""
        result = self.application.service.check(pairs, _code(source), _code(target), _bulk())
        return CheckResponse.of(result).model_dump(exclude_none=True)

    def summarize(self, text: str, source: str, target: str | None, method: str, count: int) -> dict[str, Any]:
        """One text as {"summary": ..., "models": ...}."""
        wanted = None if target is None else _code(target)
        chosen = None if method == "auto" else Method(method)
        result = self.application.service.summarize([text], _code(source), wanted, chosen, count, _bulk())
        body = SummarizeResponse.of(result).model_dump(exclude_none=True)
        return {"summary": body["summaries"][0], "models": body["models"]}


@contextmanager
def open_local_service(settings: Settings) -> Iterator[LocalService]:
    """Load the models in this process, and free them at the end. Raises ModelError's children."""
    application = open_application(settings)
    application.service.load()
    try:
        yield LocalService(application)
    finally:
        application.service.close(drain_seconds=0.0)


def _code(language: str) -> str:
    try:
        return canonical(language)
    except ValueError:
        raise RequestError(f"{language!r} is no language code (BCP 47, ISO 639)") from None


def _bulk() -> RequestContext:
    return RequestContext.within(_DAY, priority=Priority.BULK)
