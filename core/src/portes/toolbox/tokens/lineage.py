"""The secrets that one login had, one after the other: when each was accepted and refused."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

MOST: Final = 4
"""Secrets of one lineage that are remembered, the present one among them."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SecretRecord:
    """The moments at which a secret was shown to the carrier, and what came of it; `name` is its token record's."""

    name: str
    first_tried: datetime | None = None
    accepted_first: datetime | None = None
    accepted_last: datetime | None = None
    refused_first: datetime | None = None

    def accepted(self, moment: datetime) -> "SecretRecord":
        """The record after a login that was accepted."""
        return SecretRecord(self.name, self.first_tried or moment, self.accepted_first or moment, moment)

    def refused(self, moment: datetime) -> "SecretRecord":
        """The record after a login that was refused."""
        first_tried, refused_first = self.first_tried or moment, self.refused_first or moment
        return replace(self, first_tried=first_tried, refused_first=refused_first)


@dataclass(frozen=True, slots=True)
class Lineage:
    """The secrets of one host, account and lineage; those accepted longest ago, or never, are forgotten first."""

    secrets: tuple[SecretRecord, ...] = ()

    def of(self, name: str) -> SecretRecord:
        """What is known of a secret; an empty record when nothing is."""
        return next((each for each in self.secrets if each.name == name), SecretRecord(name))

    def predecessor(self, name: str) -> SecretRecord | None:
        """The secret beside this one that was last accepted, None when no other ever was."""
        others = [each for each in _by_acceptance(self.secrets) if each.name != name and each.accepted_last]
        return others[-1] if others else None

    def noting(self, record: SecretRecord) -> "Lineage":
        """The lineage with this record in place of the one of the same name."""
        if record in self.secrets:
            return self
        others = [each for each in _by_acceptance(self.secrets) if each.name != record.name]
        return Lineage((*others[1 - MOST :], record))


def _by_acceptance(secrets: Iterable[SecretRecord]) -> list[SecretRecord]:
    return sorted(secrets, key=lambda each: each.accepted_last or _NEVER)


__all__ = ["Lineage", "SecretRecord"]
