"""Has a key that nobody can look up."""

from typing import ClassVar

from gallery.ledger.source import Ledger, LedgerSettings

from portes.catalogue import CatalogueSettings


class Undescribed(LedgerSettings):
    mode: str = "r"


class Saboteur(Ledger):
    Settings: ClassVar[type[CatalogueSettings]] = Undescribed
