"""Shows its password to whoever prints its settings."""

from typing import Any, ClassVar

from gallery.ledger.source import Ledger, LedgerSettings
from pydantic import Field

from portes.catalogue import CatalogueSettings


class Plain(LedgerSettings):
    password: Any = Field("", description="What opens it.")


class Saboteur(Ledger):
    Settings: ClassVar[type[CatalogueSettings]] = Plain
