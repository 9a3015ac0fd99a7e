"""Every error the domain can raise, as one tree. HTTP statuses are chosen in `service.api`, not here.

    DepescheError
    ├── RequestError                 the caller can fix it
    │   ├── UnsupportedLanguage
    │   ├── UnsupportedMethod
    │   ├── TextTooLarge
    │   └── TooMuchWork              more than can be done before the request's deadline, were it alone
    ├── Unavailable                  try again later (`retry_after` seconds)
    │   ├── NotReady
    │   ├── QueueFull
    │   └── DeadlineUnreachable      refused before any work: predicted wait is past the deadline
    ├── DeadlineExceeded             work began, the deadline passed
    ├── Cancelled                    nobody waits for the answer any more
    ├── InferenceFailed              the engine failed on this input
    ├── SettingsError                settings that can't be used
    └── ModelError                   the model store: not installed, damaged, unreachable
        ├── ModelNotInstalled
        ├── ModelDamaged
        ├── UnknownModel
        ├── InvalidModelSpec
        ├── InvalidSnapshot
        ├── ConversionFailed
        ├── StoreUnusable
        └── HubUnreachable

Messages never contain the text that was sent.
"""

from __future__ import annotations


class DepescheError(Exception):
    """Root of all errors that Depesche raises on purpose."""


class RequestError(DepescheError):
    """The request asks for something that can't be done; the caller can change it."""


class UnsupportedLanguage(RequestError):
    """No served model goes from `source_lang` ("auto": from anywhere) to `target_lang`.

    `supported` are the (source, target) pairs on offer.
    """

    def __init__(self, source_lang: str, target_lang: str, supported: tuple[tuple[str, str], ...]) -> None:
        reachable = any(target == target_lang for _, target in supported)
        self.reason = f"no model goes {f'from {source_lang!r} ' if reachable else ''}to {target_lang!r}"
        pairs = ", ".join(f"{source}→{target}" for source, target in supported) or "none"
        super().__init__(f"{self.reason}; supported: {pairs}")
        self.source_lang = source_lang
        self.target_lang = target_lang
        self.supported = supported


class UnsupportedMethod(RequestError):
    """The summarization method that was asked for isn't available here, or not for these languages."""

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"method {method!r} is not available: {reason}")
        self.method = method


class TextTooLarge(RequestError):
    """The texts of a request are longer than the service takes. `limit` and `size` count Unicode code points."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the texts have {size} characters together; the limit is {limit}")
        self.size = size
        self.limit = limit


class TooMuchWork(RequestError):
    """What a request asks for takes longer than it may take, even with nothing else to do. Both in seconds."""

    def __init__(self, seconds: float, allowed_seconds: float) -> None:
        super().__init__(
            f"this would take about {seconds:.0f} s, and a request may take {allowed_seconds:.0f} s; "
            "send it in parts, or with priority bulk, which may take longer"
        )
        self.seconds = seconds
        self.allowed_seconds = allowed_seconds


class Unavailable(DepescheError):
    """The service can't take this request now. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotReady(Unavailable):
    """Models are still loading, or have failed to load."""


class QueueFull(Unavailable):
    """The bounded queue has no room for this request."""


class DeadlineUnreachable(Unavailable):
    """The predicted wait is longer than the request's deadline, so nothing was begun."""


class DeadlineExceeded(DepescheError):
    """The request's deadline passed before its work was done. Finished sentences are in the cache."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"not finished within {seconds:g} s; sentences already translated are kept, so a retry continues"
        )
        self.seconds = seconds


class Cancelled(DepescheError):
    """The work was dropped because nobody waits for it any more."""


class InferenceFailed(DepescheError):
    """The engine raised on this input, alone in its batch."""


class SettingsError(DepescheError):
    """Settings that can't be used. The message tells all of them, one a line; secrets are masked."""


class ModelError(DepescheError):
    """The model store can't do what was asked."""


class UnknownModel(ModelError):
    """No spec or profile has this name."""


class ModelNotInstalled(ModelError):
    """The spec is known, its files aren't there."""


class ModelDamaged(ModelError):
    """Installed files are missing or their digests differ from the manifest's."""


class InvalidModelSpec(ModelError):
    """A spec file can't be read, or a spec in it is incomplete or contradictory."""


class HubUnreachable(ModelError):
    """The model hub doesn't answer, or the network may not be used (`DEPESCHE_OFFLINE=1`)."""


class InvalidSnapshot(ModelError):
    """A folder, archive or repository isn't the model that the spec describes, or can't be read safely."""


class ConversionFailed(ModelError):
    """CTranslate2's converter didn't turn the snapshot into a model that loads."""


class StoreUnusable(ModelError):
    """The folder of the store can't be written, its disk is full, or another process keeps it locked."""
