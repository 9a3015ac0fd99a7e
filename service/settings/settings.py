"""All settings of Depesche as one frozen object. The bootstrap makes it once; rooms get values, never the object.

Reads nothing by itself: `load_settings` gathers the environment and a file, `Settings(...)` takes values only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from service.settings.cpu import physical_cores
from service.settings.sources import PREFIX, faults_of, gather, mask, refuse
from service.settings.types import Bytes, EmptyIsNone, Lower, OptionalPlace, Place

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]

COMPUTE_TYPES = {
    "ctranslate2": ("int8", "int8_float32", "int8_float16", "int8_bfloat16", "int16", "float16", "bfloat16", "float32"),
    "transformers": ("float32", "float16", "bfloat16"),
}
"""What each engine can compute in; the first is what "auto" stands for."""


_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound
"""Where a service that listens on all addresses is found from its own machine."""


def _in_url(host: str) -> str:
    """`host` as it stands before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def _xdg(variable: str, fallback: str) -> Path | None:
    """A base directory of the XDG specification; None for a user without a home."""
    try:
        given = Path(os.environ.get(variable, ""))
        return given if given.is_absolute() else Path.home() / fallback
    except RuntimeError:
        return None


def _default_model_cache() -> Path:
    checkout = _PACKAGE_PARENT / "model_cache"
    if checkout.is_dir():
        return checkout
    base = _xdg("XDG_DATA_HOME", ".local/share")
    return base / "depesche" / "model_cache" if base else Path("model_cache")


def _default_cache_dir() -> Path | None:
    base = _xdg("XDG_CACHE_HOME", ".cache")
    return base / "depesche" if base else None


class Settings(BaseSettings):
    """Environment names are the field names in capitals with the prefix DEPESCHE_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=True)
    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    host: str = Field(default="127.0.0.1", min_length=1)
    """Address to listen on; 0.0.0.0 for all."""
    port: int = Field(default=8000, ge=0, le=65535)
    """TCP port; 0 takes any that is free."""
    max_concurrent_requests: int = Field(default=64, ge=1, le=4096)
    """Requests for translations and summaries worked on at once; more get 429."""
    threads: int = Field(default=72, ge=2, le=8192)
    """Threads that serve HTTP. More than max_concurrent_requests, so that /livez and /metrics always answer."""
    drain_seconds: float = Field(default=30.0, ge=0, le=3600)
    """Seconds that requests get to finish after SIGTERM."""
    api_keys_file: OptionalPlace = None
    """File of hashed API keys; without it the service is open to whoever reaches it."""

    profile: str = Field(default="auto", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Model profile to serve; auto takes the best that is installed."""
    model_cache: Place = Field(default_factory=_default_model_cache)
    """Folder of installed models."""
    models_file: OptionalPlace = None
    """TOML file with model specs and profiles of your own."""
    offline: bool = False
    """Never use the network."""
    hub_endpoint: Annotated[str | None, EmptyIsNone] = Field(default=None, pattern=r"^https?://\S+$")
    """URL of a mirror of the model hub."""

    load: Annotated[Literal["eager", "lazy"], Lower] = "eager"
    """When models are loaded: eager is all at the start, lazy is each at its first use."""
    unload_after_seconds: float = Field(default=0.0, ge=0, le=31_536_000)
    """Seconds without a request after which a model is let go; the next request loads it again. 0 keeps all."""

    engine: Annotated[Literal["ctranslate2", "transformers"], Lower] = "ctranslate2"
    """What runs the models: ctranslate2 is fast on CPUs, transformers is the reference, and runs on GPUs."""
    device: Annotated[Literal["auto", "cpu", "cuda"], Lower] = "auto"
    """Where the models run; auto takes a GPU where the engine sees one."""
    compute_type: Annotated[str, Lower] = "auto"
    """Number format of the weights; auto is int8 on ctranslate2 and float32 on transformers."""
    replicas: int = Field(default=0, ge=0, le=1024)
    """Batches that run side by side; 0 is one per physical core that the process may use."""
    intra_threads: int = Field(default=1, ge=1, le=1024)
    """Threads that work on one batch."""
    batch_size: int = Field(default=0, ge=0, le=1024)
    """Most sentences in a batch; 0 is what calibration finds."""
    batch_tokens: int = Field(default=0, ge=0, le=1_000_000)
    """Most source tokens in a batch, padding included; 0 is what calibration finds."""
    calibrate: bool = True
    """Measure the best batch size when a model is loaded for the first time on this machine."""
    calibration_seconds: float = Field(default=10.0, gt=0, le=600)
    """Seconds that calibration may take per model."""

    queue_jobs: int = Field(default=20_000, ge=1, le=10_000_000)
    """Sentences that may wait per model; more get 429."""
    queue_tokens: int = Field(default=1_000_000, ge=1, le=1_000_000_000)
    """Source tokens that may wait per model; more get 429."""
    deadline_interactive_seconds: float = Field(default=60.0, gt=0, le=86_400)
    """Seconds in which an interactive request is answered, or refused."""
    deadline_bulk_seconds: float = Field(default=900.0, gt=0, le=86_400)
    """Seconds in which a bulk request is answered, or refused."""

    max_body_bytes: Bytes = Field(default=4 << 20, ge=1024, le=1 << 30)
    """Largest request body in bytes."""
    max_characters: int = Field(default=1_000_000, ge=1, le=100_000_000)
    """Most Unicode code points in all texts of a request."""
    max_texts_translate: int = Field(default=64, ge=1, le=64)
    """Most texts in a request for translations."""
    max_texts_summarize: int = Field(default=16, ge=1, le=16)
    """Most texts in a request for summaries."""
    default_source_lang: str = Field(default="de", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    """BCP 47 code assumed where the language of a text can't be told."""
    language_confidence: float = Field(default=0.5, ge=0, le=1)
    """Least confidence, 0 to 1, with which a detected language is believed."""
    max_summary_chunks: int = Field(default=4, ge=1, le=64)
    """Most parts of a long article that the abstractive model reads."""

    cache_memory_bytes: Bytes = Field(default=256 << 20, le=1 << 44)
    """Bytes of finished sentences kept in memory; 256MiB and the like are understood."""
    cache_dir: OptionalPlace = Field(default_factory=_default_cache_dir)
    """Folder of the cache on disk; empty switches it off."""
    cache_disk_bytes: Bytes = Field(default=2 << 30, le=1 << 50)
    """Bytes of finished sentences kept on disk."""

    log_level: Annotated[Literal["debug", "info", "warning", "error"], Lower] = "info"
    """Least severity that is logged."""
    log_format: Annotated[Literal["auto", "json", "console"], Lower] = "auto"
    """Form of log lines; auto is console on a terminal and json elsewhere."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values come in by the constructor; `load_settings` looks for them."""
        return (init_settings,)

    @field_validator("threads")
    @classmethod
    def _more_threads_than_requests(cls, threads: int, info: ValidationInfo) -> int:
        requests = info.data.get("max_concurrent_requests", 0)
        if threads <= requests:
            raise ValueError(f"must be more than max_concurrent_requests, which is {requests}")
        return threads

    @field_validator("deadline_bulk_seconds")
    @classmethod
    def _bulk_waits_longer(cls, seconds: float, info: ValidationInfo) -> float:
        interactive = info.data.get("deadline_interactive_seconds", 0.0)
        if seconds < interactive:
            raise ValueError(f"mustn't be less than deadline_interactive_seconds, which is {interactive:g}")
        return seconds

    @field_validator("compute_type")
    @classmethod
    def _engine_knows_compute_type(cls, compute_type: str, info: ValidationInfo) -> str:
        engine = info.data.get("engine")
        if engine is not None and compute_type not in ("auto", *COMPUTE_TYPES[engine]):
            raise ValueError(f"{engine} knows auto, {', '.join(COMPUTE_TYPES[engine])}")
        return compute_type

    @field_validator("device")
    @classmethod
    def _engine_runs_there(cls, device: str, info: ValidationInfo) -> str:
        if device == "cuda" and info.data.get("engine") == "ctranslate2":
            raise ValueError("ctranslate2 runs on the CPU here; DEPESCHE_ENGINE=transformers runs on a GPU")
        return device

    @field_validator("replicas", "intra_threads")
    @classmethod
    def _engine_takes_it(cls, number: int, info: ValidationInfo) -> int:
        if number > 1 and info.data.get("engine") == "transformers":
            raise ValueError("transformers runs one batch at a time, on all threads that torch takes")
        return number

    @property
    def resolved_compute_type(self) -> str:
        """`compute_type`, with "auto" replaced by what the engine then uses."""
        return COMPUTE_TYPES[self.engine][0] if self.compute_type == "auto" else self.compute_type

    @property
    def resolved_replicas(self) -> int:
        """`replicas`, with 0 replaced by the physical cores that the process may use, or 1 on transformers."""
        if self.engine == "transformers":
            return 1
        return self.replicas or max(1, physical_cores() // self.intra_threads)

    @property
    def bind(self) -> str:
        """Where to listen, as host:port."""
        return f"{_in_url(self.host)}:{self.port}"

    @property
    def local_host(self) -> str:
        """Where a service with these settings is found from its own machine."""
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """The same as a URL."""
        return f"http://{_in_url(self.local_host)}:{self.port}"

    @property
    def calibration_folders(self) -> tuple[Path, ...]:
        """Where calibrations are kept: beside the models, and for models mounted read-only in the cache."""
        beside = (self.model_cache / ".calibration",)
        return beside if self.cache_dir is None else (*beside, self.cache_dir / "calibration")

    @property
    def resolved_log_format(self) -> Literal["json", "console"]:
        """`log_format`, with "auto" replaced according to where stderr goes."""
        if self.log_format != "auto":
            return self.log_format
        return "console" if sys.stderr.isatty() else "json"


def load_settings(environ: Mapping[str, str] | None = None, directory: Path | None = None) -> Settings:
    """The settings of this process: environment before file before default. Raises SettingsError with every fault.

    `environ` and `directory` are the process's own unless given.
    """
    given, faults = gather(Settings.model_fields, os.environ if environ is None else environ, directory or Path.cwd())
    try:
        settings = Settings.model_validate({field: setting.value for field, setting in given.items()})
    except ValidationError as error:
        faults += faults_of(error, given)
    if faults:
        raise refuse(faults)
    settings._origins.update({field: setting.origin for field, setting in given.items()})
    return settings


def effective(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting as (environment name, value, origin), secrets masked. Origin: default, environment or file."""
    rows = []
    for field, value in settings:
        name = f"{PREFIX}{field.upper()}"
        shown = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        rows.append((name, mask(name, shown), settings._origins.get(field, "default")))
    return rows
