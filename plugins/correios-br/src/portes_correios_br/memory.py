"""What is remembered of an access code, made into what a doctor can say of one that is refused; it asks nobody."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portes.toolbox import SecretHistory

LIFE: Final = timedelta(days=180)
"""How long an access code lives, by one source."""
PROPAGATION: Final = timedelta(hours=2)
"""How long a new access code may be refused, as shops are told."""


class CodeMemory:
    """One access code that is refused now, by the histories of all logins with it."""

    def __init__(self, histories: Iterable[SecretHistory], now: datetime, zone: ZoneInfo) -> None:
        known = list(histories)
        self._now = now
        self._zone = zone
        self._tried = min((each.first_tried for each in known if each.first_tried), default=now)
        self._refused = min((each.refused_first for each in known if each.refused_first), default=now)
        self._accepted = max((each.accepted_last for each in known if each.accepted_last), default=None)
        self._former = max(
            (each.predecessor_serves_until for each in known if each.predecessor_serves_until), default=None
        )

    @property
    def is_bridged(self) -> bool:
        """Whether the token of the former code still serves."""
        return self._former is not None

    @property
    def end(self) -> str:
        """How the check of the login ended: `bridged`, `ended`, `too_new` or `never`."""
        if self.is_bridged:
            return "bridged"
        if self._accepted is not None:
            return "ended"
        return "too_new" if self._now < self._tried + PROPAGATION else "never"

    @property
    def words(self) -> Mapping[str, object]:
        """What fills the gaps of its saying; moments are told in the store's time."""
        return {
            "accepted": self._told(self._accepted),
            "refused": self._told(self._refused),
            "tried": self._told(self._tried),
            "minutes": int((self._now - self._tried).total_seconds() // 60),
            "wait": self._told(self._tried + PROPAGATION),
            "until": self._told(self._former),
        }

    def _told(self, moment: datetime | None) -> str:
        """A moment as `16:25`, with its day unless that is today."""
        if moment is None:
            return ""
        local, today = moment.astimezone(self._zone), self._now.astimezone(self._zone).date()
        return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"


__all__ = ["LIFE", "PROPAGATION", "CodeMemory"]
