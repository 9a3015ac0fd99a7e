"""The only place that joins the rooms: settings become objects here, and entrypoints ask for them here."""

from service.api.keys import hash_key
from service.bootstrap.application import Application, open_application
from service.bootstrap.calibration import stored as stored_calibrations
from service.bootstrap.models import ModelCatalogue, open_catalogue
from service.bootstrap.parallel import in_order
from service.bootstrap.rendering import render_summaries, render_translations
from service.bootstrap.startup import (
    USER_ERRORS,
    ask_readiness,
    configure_logs,
    disk_cache,
    greeting,
    host_in_url,
    preflight,
)
from service.bootstrap.workshop import Workshop, open_workshop
from service.settings import Settings, SettingsError, effective, load_settings

__all__ = [
    "USER_ERRORS",
    "Application",
    "ModelCatalogue",
    "Settings",
    "SettingsError",
    "Workshop",
    "ask_readiness",
    "configure_logs",
    "disk_cache",
    "effective",
    "greeting",
    "hash_key",
    "host_in_url",
    "in_order",
    "load_settings",
    "open_application",
    "open_catalogue",
    "open_workshop",
    "preflight",
    "render_summaries",
    "render_translations",
    "stored_calibrations",
]
