"""The questions put to an oracle: in batches, counted, never more than allowed."""

from collections import Counter
from collections.abc import Iterator, Sequence

from portes.contingency.sampling.plan import Progress, SamplingProgress
from portes.contingency.sampling.protocol import LaneAnswer, LanePoint, Oracle


class BoundedOracle:
    """An oracle that is asked at most so many points, and who is told after each batch."""

    def __init__(self, oracle: Oracle, allowed: int, batch: int, progress: Progress) -> None:
        self._oracle = oracle
        self._batch = batch
        self._progress = progress
        self.left = allowed
        """Points that may still be asked."""
        self.counts: Counter[str] = Counter()
        """Points asked, by what for."""

    def ask(self, points: Sequence[LanePoint], purpose: str) -> Iterator[LaneAnswer | None]:
        """The answers to as many of the first points as may be asked."""
        allowed = points[: self.left]
        for at in range(0, len(allowed), self._batch):
            batch = allowed[at : at + self._batch]
            answers = self._oracle.ask(batch)
            self.counts[purpose] += len(batch)
            self.left -= len(batch)
            self._progress(SamplingProgress(self.counts.total(), self.left, dict(self.counts)))
            yield from answers
