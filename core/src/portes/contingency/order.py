"""What table somebody wants built, as one value."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from portes.contingency.goods_sources import GoodsWishes
from portes.contingency.portals import Portal
from portes.contingency.prices import PriceTerms
from portes.contingency.recipe import Wishes
from portes.contract.states import Ranges

OLDEST: Final = 30 * 86_400
"""Seconds after which an answer is asked for again unless somebody wants another age."""


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """A table to be built."""

    portal: Portal
    who: str
    """Who builds it, for the log of versions."""
    wishes: Wishes = field(default_factory=Wishes)
    goods: GoodsWishes = field(default_factory=GoodsWishes)
    terms: PriceTerms = field(default_factory=PriceTerms)
    borders: tuple[int, ...] = ()
    """Upper borders of the brackets in grams, rising; the portal's usual ones when empty."""
    regions: Ranges = ()
    """The spans of postal codes that it is made of; the whole country when empty."""
    most_calls: int | None = None
    """Lanes that may be asked, those taken from memory too; None leaves it to the sampling."""
    seed: int = 1
    oldest: int = OLDEST
    """Seconds after which a remembered answer is asked for again."""
    refresh: bool = False
    """Whether lanes are asked again where the table's last check found that it has drifted, however young they are."""
    heed_hours: bool = True
    """Whether carriers are left alone in their busy hours."""
    name: str = ""
    """What its version is called; `contingency-` and the portal's name when empty."""
    out: Path | None = None
    """The folder that the files are written to; None for nowhere."""

    @property
    def brackets(self) -> tuple[int, ...]:
        """The upper borders of its brackets in grams."""
        return self.borders or self.portal.borders

    @property
    def table_name(self) -> str:
        """What its version is called."""
        return self.name or f"contingency-{self.portal.name}"
