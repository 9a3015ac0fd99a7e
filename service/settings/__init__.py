"""All settings of Depesche: what they are, where they come from, and how many cores there are."""

from service.core.errors import SettingsError
from service.settings.settings import COMPUTE_TYPES, Settings, effective, load_settings

__all__ = ["COMPUTE_TYPES", "Settings", "SettingsError", "effective", "load_settings"]
