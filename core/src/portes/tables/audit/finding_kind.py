"""What a sort of finding is: how bad it is, how it is mended, and all of its words.

The words stand with the kinds and nowhere else, so that they can be translated in one place. A template names what
the check fills in: `{count}` cases, `{rows}` rows, `{size}` of what the check adds up, the `{worst}` of it; the rest
is a case's own. `{rows:row|rows}` is the number with the word that goes with it.
"""

from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning", "advice"]
"""An error: the table is refused, or a price is wrong beyond doubt. A warning wants a look; advice may be meant so."""
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "advice")
"""The worst first."""

MendKind = Literal["sure", "guess", "person"]
"""Whether one answer is right by the table's own rule, one is likely, or only a person can know."""


class FindingKind(NamedTuple):
    """One sort of finding and its words."""

    code: str
    """Stable: people filter by it."""
    severity: Severity
    """As a rule; what is declared about the file may make it less."""
    mend: MendKind
    title: str
    damage: str
    case: str
    fix: str
