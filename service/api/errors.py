"""The one place where errors become HTTP answers: domain errors, HTTP errors and the unexpected, all problem+json."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from service.api import problems
from service.api.exchange import Exchange, current, stopping
from service.api.problems import ProblemError, ProblemType
from service.api.replies import json_reply
from service.api.schemas.problem import ProblemBody
from service.core import errors as domain

logger = logging.getLogger("depesche.api")

_MODEL_RETRY_SECONDS = 60


def _text_too_large(error: domain.TextTooLarge, _: Exchange) -> ProblemError:
    members = {"size": error.size, "limit": error.limit}
    return ProblemError(problems.TEXT_TOO_LARGE, str(error), members=members)


def _unsupported_language(error: domain.UnsupportedLanguage, _: Exchange) -> ProblemError:
    reachable = any(target == error.target_lang for _, target in error.supported)
    return ProblemError(
        problems.UNSUPPORTED_LANGUAGE,
        str(error),
        members={
            "errors": [{"pointer": "/source_lang" if reachable else "/target_lang", "reason": error.reason}],
            "supported": [{"source_lang": source, "target_lang": target} for source, target in error.supported],
        },
    )


def _unsupported_method(error: domain.UnsupportedMethod, _: Exchange) -> ProblemError:
    members = {"errors": [{"pointer": "/method", "reason": f"{error.method} is not available for this request"}]}
    return ProblemError(problems.UNSUPPORTED_METHOD, str(error), members=members)


def _unavailable(problem: ProblemType) -> Callable[[domain.Unavailable, Exchange], ProblemError]:
    return lambda error, _: ProblemError(problem, str(error), retry_after=error.retry_after)


def _not_ready(error: domain.NotReady, _: Exchange) -> ProblemError:
    problem = problems.SHUTTING_DOWN if stopping() else problems.NOT_READY
    return ProblemError(problem, str(error), retry_after=error.retry_after)


def _cancelled(_: domain.Cancelled, exchange: Exchange) -> ProblemError:
    if exchange.context is not None and exchange.context.abandoned():
        return ProblemError(problems.CLIENT_CLOSED_REQUEST, "the caller hung up")
    return ProblemError(problems.SHUTTING_DOWN, "the work was dropped", retry_after=1)


def _plain(problem: ProblemType, *, retry_after: float | None = None) -> Callable[[Exception, Exchange], ProblemError]:
    """A problem that says no more than its type: for errors whose messages may name paths or internals."""
    return lambda _, __: ProblemError(problem, problem.description, retry_after=retry_after)


DOMAIN_PROBLEMS: Mapping[type[domain.DepescheError], Callable[..., ProblemError]] = {
    domain.TextTooLarge: _text_too_large,
    domain.UnsupportedLanguage: _unsupported_language,
    domain.UnsupportedMethod: _unsupported_method,
    domain.TooMuchWork: lambda error, _: ProblemError(problems.TOO_MUCH_WORK, str(error)),
    domain.RequestError: lambda error, _: ProblemError(problems.INVALID_REQUEST, str(error)),
    domain.NotReady: _not_ready,
    domain.QueueFull: _unavailable(problems.QUEUE_FULL),
    domain.DeadlineUnreachable: _unavailable(problems.DEADLINE_UNREACHABLE),
    domain.Unavailable: _unavailable(problems.NOT_READY),
    domain.DeadlineExceeded: lambda error, _: ProblemError(problems.DEADLINE_EXCEEDED, str(error)),
    domain.Cancelled: _cancelled,
    domain.InferenceFailed: _plain(problems.INFERENCE_FAILED),
    domain.ModelError: _plain(problems.MODEL_UNAVAILABLE, retry_after=_MODEL_RETRY_SECONDS),
    domain.SettingsError: _plain(problems.INTERNAL_ERROR),
    domain.DepescheError: _plain(problems.INTERNAL_ERROR),
}
"""Which problem a domain error becomes. An error that isn't listed is treated as the nearest class above it."""

HTTP_PROBLEMS: Mapping[int, ProblemType] = {
    400: problems.BAD_REQUEST,
    404: problems.NOT_FOUND,
    405: problems.METHOD_NOT_ALLOWED,
    413: problems.BODY_TOO_LARGE,
    415: problems.UNSUPPORTED_MEDIA_TYPE,
}


def domain_problem(error: domain.DepescheError, exchange: Exchange) -> ProblemError:
    """The problem that `error` becomes."""
    known = next(kind for kind in type(error).__mro__ if kind in DOMAIN_PROBLEMS)
    return DOMAIN_PROBLEMS[known](error, exchange)


def problem_reply(error: ProblemError) -> Response:
    """The problem+json response for `error`."""
    body = ProblemBody(
        type=error.problem.uri,
        title=error.problem.title,
        status=error.problem.status,
        detail=error.detail,
        instance=current().instance,
        **error.members,
    )
    response = json_reply(body, error.problem.status, "application/problem+json")
    response.headers.update(error.headers)
    return response


def _where(error: BaseException) -> str:
    """Files, lines and functions of a traceback: the message is left out, for it may hold what a user sent."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def install(app: Flask) -> None:
    """Answer every error of `app` with a problem."""

    @app.errorhandler(ProblemError)
    def on_problem(error: ProblemError) -> Response:
        return problem_reply(error)

    @app.errorhandler(domain.DepescheError)
    def on_domain_error(error: domain.DepescheError) -> Response:
        problem = domain_problem(error, current())
        if problem.problem.status == problems.INTERNAL_ERROR.status:
            logger.error("%s in request %s at %s", type(error).__name__, current().request_id, _where(error))
        return problem_reply(problem)

    @app.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> Response:
        code = error.code or problems.INTERNAL_ERROR.status
        other = problems.BAD_REQUEST if code < problems.INTERNAL_ERROR.status else problems.INTERNAL_ERROR
        problem = HTTP_PROBLEMS.get(code, other)
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        return problem_reply(ProblemError(problem, problem.description, headers=headers))

    @app.errorhandler(Exception)
    def on_surprise(error: Exception) -> Response:
        logger.error("unexpected %s in request %s at %s", type(error).__name__, current().request_id, _where(error))
        return problem_reply(ProblemError(problems.INTERNAL_ERROR, problems.INTERNAL_ERROR.description))
