"""Has a diagnosis that is always well."""

from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline, Finding, Severity


class Saboteur(Parcelpost):
    def diagnose(self, deadline: Deadline) -> Sequence[Finding]:
        left = f"{deadline.remaining():.0f} s left"
        return [Finding(check="host", severity=Severity.OK, cause={"en": "All is well."}, evidence=left)]
