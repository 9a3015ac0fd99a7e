"""The only place that joins the rooms: settings become objects here, and entrypoints ask for them here."""

from service.api.keys import hash_key
from service.bootstrap.application import Application, disk_cache, open_application, preflight
from service.bootstrap.local import LocalService, open_local_service
from service.bootstrap.models import ModelCatalogue, make_shortlist, open_catalogue, switch_shortlist_off
from service.bootstrap.ranking import ranker as import_ranker
from service.core.errors import DepescheError
from service.engines.calibration_store import stored as stored_calibrations
from service.observability.logs import configure_logging
from service.settings import Settings, SettingsError, effective, load_settings

__all__ = [
    "USER_ERRORS",
    "Application",
    "LocalService",
    "ModelCatalogue",
    "Settings",
    "SettingsError",
    "configure_logs",
    "disk_cache",
    "effective",
    "hash_key",
    "import_ranker",
    "load_settings",
    "make_shortlist",
    "open_application",
    "open_catalogue",
    "open_local_service",
    "preflight",
    "stored_calibrations",
    "switch_shortlist_off",
]

USER_ERRORS = (DepescheError,)
"""Errors whose message is meant for the user, and tells the whole story."""


def configure_logs(settings: Settings) -> None:
    """Route all logging of this process as the settings say."""
    configure_logging(settings.log_level, settings.resolved_log_format)
