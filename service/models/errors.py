"""Errors of the model room that `service.core.errors` doesn't name. All are children of ModelError."""

from __future__ import annotations

from service.core.errors import ModelError


class InvalidSnapshot(ModelError):
    """A folder, archive or repository isn't the model that the spec describes, or can't be read safely."""


class ConversionFailed(ModelError):
    """CTranslate2's converter didn't turn the snapshot into a model that loads."""


class StoreUnusable(ModelError):
    """The folder of the store can't be written, its disk is full, or another process keeps it locked."""
