"""Takes a text where every rule takes conditions."""

from typing import Any

from gallery.surcharge.rule import Surcharge

from portes.rules.protocol import RuleSettings
from portes.rules.when import Binding, When


class Saboteur(Surcharge):
    class Settings(RuleSettings):
        when: Any = ""

        def bindings(self) -> tuple[Binding, ...]:
            return (Binding(When()),)
