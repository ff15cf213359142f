"""Takes any key at all."""

from typing import Any

from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.settings import ParcelpostSettings
from pydantic import ConfigDict


class LooseSettings(ParcelpostSettings):
    model_config = ConfigDict(extra="ignore")


class Saboteur(Parcelpost):
    Settings: Any = LooseSettings
