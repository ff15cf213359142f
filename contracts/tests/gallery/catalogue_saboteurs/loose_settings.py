"""Takes whatever key is written."""

from typing import ClassVar

from gallery.ledger.source import Ledger, LedgerSettings
from pydantic import ConfigDict

from portes.catalogue import CatalogueSettings


class Loose(LedgerSettings):
    model_config = ConfigDict(extra="ignore")


class Saboteur(Ledger):
    Settings: ClassVar[type[CatalogueSettings]] = Loose
