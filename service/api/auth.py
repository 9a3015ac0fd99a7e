"""Asks for an API key (`Authorization: Bearer`) where the deployment has keys."""

from __future__ import annotations

from flask import Blueprint, request

from service.api.keys import ApiKeys
from service.api.problems import UNAUTHORIZED, ProblemError

_CHALLENGE = 'Bearer realm="depesche"'


def require_key(routes: Blueprint, keys: ApiKeys) -> None:
    """Refuse every request to `routes` without a known key, except OPTIONS, which tells nothing but methods."""

    @routes.before_request
    def check() -> None:
        if request.method == "OPTIONS":
            return
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise ProblemError(
                UNAUTHORIZED, "send Authorization: Bearer <key>", headers={"WWW-Authenticate": _CHALLENGE}
            )
        if keys.owner(key.strip()) is None:
            challenge = f'{_CHALLENGE}, error="invalid_token"'
            raise ProblemError(UNAUTHORIZED, "this key is not known", headers={"WWW-Authenticate": challenge})
