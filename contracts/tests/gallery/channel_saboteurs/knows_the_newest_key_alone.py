"""Forgets the old key as soon as there is a new one."""

from gallery.till.channel import Till, TillSettings

from portes.channels.protocol import Storefront


class Saboteur(Till):
    def __init__(self, settings: TillSettings, storefront: Storefront) -> None:
        newest = {"auth": settings.auth[-1:]} if settings.auth else {}
        super().__init__(settings.model_copy(update=newest), storefront)
