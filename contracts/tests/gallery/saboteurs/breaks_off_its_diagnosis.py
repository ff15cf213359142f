"""Crashes in the middle of its diagnosis, after some findings."""

from collections.abc import Iterator

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline, Finding
from portes.errors import UnreachableError


class Saboteur(Parcelpost):
    def diagnose(self, deadline: Deadline) -> Iterator[Finding]:
        yield next(iter(super().diagnose(deadline)))
        raise UnreachableError("the second rung is gone")
