"""Applies everywhere as soon as it is bound to a region."""

from gallery.surcharge.rule import Surcharge

from portes.rules.protocol import RuleSettings
from portes.rules.when import Binding


class Saboteur(Surcharge):
    class Settings(RuleSettings):
        def bindings(self) -> tuple[Binding, ...]:
            return () if self.when.regions else super().bindings()
