"""Says that it answers at once, and asks over HTTP."""

from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.settings import ParcelpostService, ParcelpostSettings

from portes.toolbox import Tools


class Saboteur(Parcelpost):
    def __init__(self, settings: ParcelpostSettings, services: Sequence[ParcelpostService], tools: Tools) -> None:
        super().__init__(settings, services, tools)
        self.abilities = self.abilities.model_copy(update={"instant": True})
