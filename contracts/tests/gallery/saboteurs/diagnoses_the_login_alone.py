"""Has a diagnosis that ends where the trouble begins."""

from collections.abc import Iterator

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline, Finding


class Saboteur(Parcelpost):
    def diagnose(self, deadline: Deadline) -> Iterator[Finding]:
        yield next(iter(super().diagnose(deadline)))
