"""Model specs, the store of installed models, and the ways into it: pulling from the hub, importing, converting.

Importing this package loads neither torch nor transformers, ctranslate2 or huggingface_hub.
"""

from service.core.errors import ConversionFailed, InvalidSnapshot, StoreUnusable
from service.models.catalogue import ModelCatalogue
from service.models.hub import Hub
from service.models.install import import_path, pull
from service.models.profiles import Choice, choose_profile
from service.models.progress import Console, Progress, Silent
from service.models.spec import ModelSpec, Profile, Window
from service.models.specs import Specs, load_specs
from service.models.store import InstalledModel, ModelStore

__all__ = [
    "Choice",
    "Console",
    "ConversionFailed",
    "Hub",
    "InstalledModel",
    "InvalidSnapshot",
    "ModelCatalogue",
    "ModelSpec",
    "ModelStore",
    "Profile",
    "Progress",
    "Silent",
    "Specs",
    "StoreUnusable",
    "Window",
    "choose_profile",
    "import_path",
    "load_specs",
    "pull",
]
