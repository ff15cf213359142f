"""What a rule declares about itself, once, for the whole suite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class RuleCase:
    """What the suite must know of a rule: its name, and tables with which it does something."""

    name: str
    """The entry point's name in the group `portes.rules`."""
    tables: Sequence[Mapping[str, Any]]
    """Its keys as a store's file holds them, without `use`; each is tried. Carriers are `a`, `b` and `c`."""
    currency: str = "BRL"
    """In which the offers are."""

    def __post_init__(self) -> None:
        if not self.tables:
            msg = "give the case a table: the keys of a rule that does something, or {} where it has none"
            raise ValueError(msg)


__all__ = ["RuleCase"]
