"""What was promised about the answers of a steady traffic while something breaks, and whether it was kept."""

import re
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stage import Service, browser
from traffic import Asked, Traffic

NEVER_SO_LATE: Final = 20.0
"""Seconds between the stores' limit of four, which a busy machine may stretch, and a carrier's own timeout of thirty:
who waited for the carrier instead is later."""
RECEIPTS_AFTER: Final = 60.0
"""Seconds after which every receipt is written or counted as lost; a database that fails is tried again for 15."""
FALLBACK: Final = 9000
"""Cents: what the table asks for everything that the carrier goes to."""
LIVE: Final = 1000
"""Cents for nothing; every gram costs one more."""


@dataclass
class Story:
    """The traffic of one test, and when things happened."""

    traffic: Traffic
    service: Service
    receipts: Path
    fault_at: float = float("inf")
    recovered_at: float = float("inf")
    bases: set[int] = field(default_factory=lambda: {LIVE})
    """Every price of nothing that the carrier asked for while the story went on; the last one asked is `base`."""
    base: int = LIVE
    fallbacks: set[int] = field(default_factory=lambda: {FALLBACK})
    """Every price of the fallback table, while the story went on."""
    death: tuple[float, float] | None = None
    """Between which moments a worker died: what it had under way is excepted, with the receipts it had not written."""

    def __post_init__(self) -> None:
        self._outcomes = outcomes(self.service)
        self._lost = lost(self.service)

    @property
    def stormy(self) -> list[Asked]:
        """What was asked from the fault on until all was well again."""
        return [asked for asked in self.traffic.since(self.fault_at) if asked.at < self.recovered_at]

    def is_calm(self, asked: Asked) -> bool:
        """Whether an answer is as it should be while nothing is broken."""
        return asked.status == 200 and asked.prices == ([self.base + asked.grams] if asked.served else [])

    def statuses(self, store: str) -> set[int]:
        """What the callers of a store saw in the storm."""
        return {asked.status for asked in self.stormy if asked.store == store and not asked.early}

    @property
    def answered(self) -> set[int]:
        """The statuses of all that was let in."""
        return {asked.status for asked in self.traffic.answers if not asked.early}

    def kinds(self) -> set[str]:
        """What the carrier's answers failed of meanwhile, as the metrics say."""
        now = outcomes(self.service)
        return {kind for kind, count in now.items() if count > self._outcomes.get(kind, 0)}

    def check(self) -> None:
        """Hold every answer to what was promised."""
        told = [asked for asked in self.traffic.answers if not self._died_under(asked)]
        _none(asked for asked in told if asked.status not in {200, 503})
        _none(asked for asked in told if asked.seconds > NEVER_SO_LATE)
        _none(asked for asked in told if not self._is_priced_right(asked))
        self._check_receipts()

    def _died_under(self, asked: Asked) -> bool:
        if self.death is None or asked.status != 0:
            return False
        killed, dead = self.death
        return asked.at <= dead and asked.ended >= killed

    def _is_priced_right(self, asked: Asked) -> bool:
        """The price is the carrier's, or the fallback's; a place that is served is never said not to be."""
        if asked.status != 200:
            return True
        if not asked.served:
            return asked.prices == []
        rightly = {base + asked.grams for base in self.bases} | (self.fallbacks if asked.store == "shop" else set())
        return len(asked.prices) == 1 and set(asked.prices) <= rightly

    def _check_receipts(self) -> None:
        """There is a receipt of every answer, but for those that are counted as lost."""
        answered = {asked.name for asked in self.traffic.answers if asked.status in {200, 503} and not asked.early}
        if self.death is not None:
            answered -= {asked.name for asked in self.traffic.answers if asked.at <= self.death[1]}
        deadline = time.monotonic() + RECEIPTS_AFTER
        while missing := answered - kept(self.receipts):
            if len(missing) <= lost(self.service) - self._lost:
                return
            assert time.monotonic() < deadline, f"{len(missing)} answers without a receipt: {sorted(missing)}"
            time.sleep(0.1)

    def went_dark(self) -> None:
        """The fault was felt: the bare store had no price, and the shop sold at the fallback's."""
        assert 503 in self.statuses("bare")
        shop = [asked for asked in self.stormy if asked.store == "shop" and asked.served and not asked.early]
        assert {asked.status for asked in shop} == {200}
        assert any(asked.prices == [FALLBACK] for asked in shop)


def _none(wrong: Iterable[Asked]) -> None:
    found = tuple(wrong)
    assert not found, f"{len(found)} of them, such as {found[:3]}"


def outcomes(service: Service) -> dict[str, int]:
    """How often the far carrier failed, by kind."""
    text = _metrics(service)
    failed = r'^portes_carrier_outcomes_total\{carrier="far",kind="(\w+)",outcome="failure",.* (\S+)$'
    found = re.findall(failed, text, re.MULTILINE)
    return {kind: sum(int(float(each)) for name, each in found if name == kind) for kind, _ in found}


def lost(service: Service) -> int:
    """How many receipts are counted as lost."""
    found = re.findall(r"^portes_receipts_lost_total\{.* (\S+)$", _metrics(service), re.MULTILINE)
    return sum(int(float(each)) for each in found)


def _metrics(service: Service) -> str:
    with browser() as web:
        return web.get(f"{service.admin}/metrics").text


def kept(receipts: Path) -> set[str]:
    """The marketplace's ids of every receipt."""
    with closing(sqlite3.connect(f"file:{receipts}?mode=ro", uri=True, timeout=60)) as connection:
        return {name for (name,) in connection.execute("select asked from receipts")}
