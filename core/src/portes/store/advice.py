"""What keeps no store from starting and is hardly meant."""

from collections.abc import Iterator
from pathlib import Path

from portes.engine.policy import Policy
from portes.errors import Problem


def slow_collections(policy: Policy, file: Path) -> Iterator[Problem]:
    """Advice on carriers that could get an order on its day, had not all collections of the day gone by."""
    for number, origin in enumerate(policy.origins):
        week = policy.weeks[origin.id]
        slow = [member.key for member in policy.members if not week.leaves_same_day(member.key)]
        if slow and not origin.handling_days:
            cause = "has no collection after the cut-off, so that they get no order on its own day"
            fix = "write a cut_off before their last collection, or handling_days = 1"
            yield Problem(f"origins.{number}.collections", ", ".join(slow), cause, fix, file=file)
