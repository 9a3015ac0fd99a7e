"""The catalogue of problem types (RFC 9457) and the exception that carries one to the client.

Their slugs are part of the contract: `type` is `/problems/<slug>`. Which domain error becomes which problem is told in
`service.api.errors`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_RETRY_AFTER = 3600


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of error: its stable name, HTTP status, title, and what it means to an integrator."""

    slug: str
    status: int
    title: str
    description: str

    @property
    def uri(self) -> str:
        """The value of `type`, relative to the service's root."""
        return f"/problems/{self.slug}"


MALFORMED_JSON = ProblemType(
    "malformed-json",
    400,
    "The body is not JSON",
    "The body could not be read as JSON in UTF-8. `position` says where reading stopped.",
)
BAD_REQUEST = ProblemType(
    "bad-request", 400, "The request can't be understood", "The request is not valid HTTP, or broke off."
)
UNAUTHORIZED = ProblemType(
    "unauthorized",
    401,
    "An API key is needed",
    "This deployment asks for a key: send `Authorization: Bearer <key>`. Its operator hands keys out.",
)
NOT_FOUND = ProblemType(
    "not-found", 404, "No such resource", "Nothing is served at this path; `/docs` lists the paths."
)
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed", 405, "Method not allowed", "The path exists, but not for this method; see the Allow header."
)
BODY_TOO_LARGE = ProblemType(
    "body-too-large",
    413,
    "The body is too large",
    "The body has more bytes than this deployment takes; `limit` says how many those are. Send fewer texts at once.",
)
TEXT_TOO_LARGE = ProblemType(
    "text-too-large",
    413,
    "The texts are too long",
    "The texts of the request have more characters together than this deployment takes (`size`, `limit`).",
)
TOO_MUCH_WORK = ProblemType(
    "too-much-work",
    413,
    "More than can be done in time",
    "By the measured speed this deployment can't do so much before the request's deadline, even with nothing else to "
    "do, so nothing was begun. Send the text in parts, or with `priority: bulk`, which may take longer.",
)
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported-media-type",
    415,
    "The body must be JSON",
    "Send `Content-Type: application/json`, in UTF-8 and without a content coding.",
)
INVALID_REQUEST = ProblemType(
    "invalid-request",
    422,
    "The request has faults",
    "The body is JSON, but not what this endpoint takes. `errors` lists every fault with its JSON pointer.",
)
UNSUPPORTED_LANGUAGE = ProblemType(
    "unsupported-language",
    422,
    "No model for these languages",
    "No served model goes from the source to the target language that were asked for. `supported` lists the pairs on "
    "offer, `errors` points at the member in question. Nothing was translated.",
)
UNSUPPORTED_METHOD = ProblemType(
    "unsupported-method",
    422,
    "The method is not available",
    "This deployment has no model for the summarization method that was asked for, or not for these languages. "
    "`auto` always finds one.",
)
TOO_MANY_REQUESTS = ProblemType(
    "too-many-requests",
    429,
    "Too many requests at once",
    "As many requests as this deployment takes at once are being worked on. Try again after `Retry-After` seconds.",
)
QUEUE_FULL = ProblemType(
    "queue-full",
    429,
    "The queue is full",
    "There is no room for this request's sentences now; none was begun. Try again after `Retry-After` seconds.",
)
DEADLINE_UNREACHABLE = ProblemType(
    "deadline-unreachable",
    429,
    "The wait would be too long",
    "The predicted wait is longer than the request may take, so nothing was begun. Try again after `Retry-After` "
    "seconds, or with `priority: bulk`, which may take longer.",
)
CLIENT_CLOSED_REQUEST = ProblemType(
    "client-closed-request", 499, "The caller hung up", "Nobody waits for this answer any more; seen in logs only."
)
INFERENCE_FAILED = ProblemType(
    "inference-failed",
    500,
    "The model failed",
    "The model failed on one of the sentences. The others are kept, so that a retry is quick; if it fails again, "
    "report the `instance`.",
)
INTERNAL_ERROR = ProblemType(
    "internal-error", 500, "Internal error", "A fault of the service. Report the `instance` to its operator."
)
NOT_READY = ProblemType(
    "not-ready",
    503,
    "The service is not ready",
    "Models are loading, or have failed to load. Try again after `Retry-After` seconds; `/readyz` tells when.",
)
MODEL_UNAVAILABLE = ProblemType(
    "model-unavailable", 503, "A model is missing", "A model of this deployment is not installed or is damaged."
)
SHUTTING_DOWN = ProblemType(
    "shutting-down",
    503,
    "The service is shutting down",
    "The work was dropped because the service is stopping. Try again: another instance may answer.",
)
DEADLINE_EXCEEDED = ProblemType(
    "deadline-exceeded",
    504,
    "The deadline passed",
    "The work was not done in time. Finished sentences are kept, so a retry continues where this request stopped.",
)

PROBLEM_TYPES: Mapping[str, ProblemType] = {
    each.slug: each for each in list(globals().values()) if isinstance(each, ProblemType)
}
"""Every problem type by its slug, in order of status."""


class ProblemError(Exception):
    """Ends a request with a problem. `members` are extension members of the body, `headers` are sent along.

    `retry_after` (seconds) becomes the Retry-After header: whole seconds, at least 1.
    """

    def __init__(
        self,
        problem: ProblemType,
        detail: str,
        *,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail
        self.members = dict(members or {})
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(whole_seconds(retry_after))


def whole_seconds(seconds: float) -> int:
    """`seconds` as Retry-After takes them: rounded up, 1 to 3600."""
    if math.isnan(seconds):
        return 1
    return max(1, math.ceil(min(seconds, LONGEST_RETRY_AFTER)))
