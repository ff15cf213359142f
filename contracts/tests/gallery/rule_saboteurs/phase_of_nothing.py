"""Has its say at no time."""

from typing import Any, ClassVar

from gallery.surcharge.rule import Surcharge


class Saboteur(Surcharge):
    phase: ClassVar[Any] = "some day"
