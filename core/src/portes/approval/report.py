"""What an approval found: its steps, each with what was asked, what came back, and what to do; no secret is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class StepOutcome(StrEnum):
    """Whether a marketplace would be content."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """It could not be tried, or the marketplace has no such call; the words say why."""


@dataclass(frozen=True, slots=True)
class StepEvidence:
    """One call and its answer, secrets masked, bodies cut to their beginning."""

    call: str
    """Method and address."""
    question: str
    status: int
    """0 where no answer came."""
    answer: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One thing that was tried."""

    name: str
    """A word for it, the same in every report."""
    title: str
    """What is tried, in a sentence."""
    outcome: StepOutcome
    told: str
    """What came of it, in words."""
    fix: str = ""
    """What to do where it failed."""
    evidence: tuple[StepEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class PaceFigures:
    """What came of the calls at the contract's rate; milliseconds include the caller's distance."""

    rate: float
    """Calls a second that were sent."""
    seconds: float
    calls: int
    wrong: int
    """Calls whose answer was none that the marketplace shows."""
    late: int
    """Calls answered after the limit."""
    p50: float
    p95: float
    p99: float
    slowest: float


@dataclass(frozen=True, slots=True)
class ApprovalReport:
    """All that was tried."""

    store: str
    channel: str
    address: str
    """Of the service, without the secret of a channel's address."""
    began: datetime
    version: str
    limit: float
    """Seconds after which the marketplace discards an answer."""
    distance: float
    """Seconds that a call is under way there and back, added to each measured time."""
    steps: tuple[ApprovalStep, ...]
    pace: PaceFigures | None = None
    statuses: Mapping[int, str] = field(default_factory=dict)
    """What each status that the channel answers with makes the marketplace do."""

    @property
    def passed(self) -> bool:
        """Whether no step failed."""
        return all(step.outcome is not StepOutcome.FAILED for step in self.steps)

    def count(self, outcome: StepOutcome) -> int:
        """How many steps came to an outcome."""
        return sum([step.outcome is outcome for step in self.steps])

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        told = asdict(self)
        counts: Sequence[StepOutcome] = tuple(StepOutcome)
        return {
            **told,
            "began": self.began.isoformat(timespec="seconds"),
            "statuses": {str(status): words for status, words in self.statuses.items()},
            "passed": self.passed,
            "counts": {outcome.value: self.count(outcome) for outcome in counts},
        }
