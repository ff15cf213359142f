"""Has a key that nobody explains."""

from typing import Any

from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.settings import ParcelpostSettings


class MysteriousSettings(ParcelpostSettings):
    mode: int = 2


class Saboteur(Parcelpost):
    Settings: Any = MysteriousSettings
