"""Has no settings that a store could read."""

from typing import Any, ClassVar

from gallery.ledger.source import Ledger


class Saboteur(Ledger):
    Settings: ClassVar[Any] = None
