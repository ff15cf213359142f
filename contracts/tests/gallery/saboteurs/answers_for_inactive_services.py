"""Asks for every service, whether it is switched on or not."""

from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.settings import ParcelpostService, ParcelpostSettings

from portes.toolbox import Tools


class Saboteur(Parcelpost):
    def __init__(self, settings: ParcelpostSettings, services: Sequence[ParcelpostService], tools: Tools) -> None:
        super().__init__(settings, services, tools)
        self._active = tuple(service for service in services if service.code != "OLD")
