"""What the HTTP entrance may be told: limits, deadlines, keys. Values come from the settings through the bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

from service.api.keys import ApiKeys
from service.api.schemas.summarize import MAX_TEXTS as MAX_TEXTS_SUMMARIZE
from service.api.schemas.translate import MAX_TEXTS as MAX_TEXTS_TRANSLATE
from service.core.types import Priority


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """Limits of the HTTP entrance. Raises ValueError for a limit that the contract doesn't allow.

    `max_body_bytes` bounds the body as sent, `max_characters` the code points of all texts of a request together.
    The numbers of texts may be lowered from the contract's (64 and 16), never raised. Deadlines are in seconds from
    the moment the request came in. `api_keys` None leaves the service open.
    """

    max_body_bytes: int = 4_000_000
    max_characters: int = 1_000_000
    max_texts_translate: int = MAX_TEXTS_TRANSLATE
    max_texts_summarize: int = MAX_TEXTS_SUMMARIZE
    deadline_interactive_seconds: float = 30.0
    deadline_bulk_seconds: float = 300.0
    max_concurrent_requests: int = 64
    api_keys: ApiKeys | None = None
    version: str = "0"

    def __post_init__(self) -> None:
        positive = ("max_body_bytes", "max_characters", "deadline_interactive_seconds", "deadline_bulk_seconds")
        for name in (*positive, "max_concurrent_requests"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive")
        for name, most in (("max_texts_translate", MAX_TEXTS_TRANSLATE), ("max_texts_summarize", MAX_TEXTS_SUMMARIZE)):
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"{name} must be between 1 and {most}")

    def deadline_seconds(self, priority: Priority) -> float:
        """How long a request of this priority may take."""
        return self.deadline_bulk_seconds if priority is Priority.BULK else self.deadline_interactive_seconds
