"""What a service costs by weight at one place: a curve of outcomes by bracket, found with few questions.

Brackets are their positions in the plan's borders. What lies between two brackets that were asked is taken for known
in three cases: both say the same (prices do not fall as weight rises); both lie above or below another curve by the
same price and days, and so does a third one beside them; or no other curve steps between it and the upper one, and
then it says what the upper one says.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Final

from portes.contingency.sampling.protocol import LanePrice, Outcome

Curve = Mapping[int, Outcome]
"""Outcomes by bracket; a bracket that is missing is not known."""

_CURVES_OF_A_LADDER: Final = 3
"""Complete curves from which the steps of a carrier's ladder are taken to be known."""


def tops_of_steps(references: Sequence[Curve], size: int) -> frozenset[int]:
    """The brackets above which some curve steps up, and the last; all of them while fewer than three are known."""
    if len(references) < _CURVES_OF_A_LADDER:
        return frozenset(range(size))
    tops = (at for curve in references for at in range(size - 1) if curve.get(at) != curve.get(at + 1))
    return frozenset((*tops, size - 1))


def filled_in(known: Curve, references: Sequence[Curve], tops: Collection[int]) -> dict[int, Outcome]:
    """The curve as far as it follows from what was asked.

    `references` are complete curves of other places, `tops` the brackets at which their steps end.
    """
    asked = sorted(known)
    curve = dict(known)
    for lower, upper in pairwise([-1, *asked]):
        between = range(lower + 1, upper)
        if lower >= 0 and between and known[lower] == known[upper]:
            curve.update(dict.fromkeys(between, known[lower]))
        elif lower >= 0 and between and (found := _reference_beside(references, known, asked, lower, upper)):
            reference, shift = found
            curve.update((at, _moved(reference[at], shift)) for at in between if at in reference)
        else:
            same = takewhile(lambda at: at not in tops, reversed(between))
            curve.update(dict.fromkeys(same, known[upper]))
    return curve


def brackets_to_ask(
    known: Curve, curve: Curve, size: int, tops: Collection[int], askable: Callable[[int], bool]
) -> list[int]:
    """The brackets that tell most of what the curve does not have yet: its ends, then the middle of each hole."""
    free = [at for at in range(size) if at not in curve and askable(at)]
    asked = sorted(known)
    if not free:
        return []
    below = [free[0]] if not asked or free[0] < asked[0] else []
    above = [free[-1]] if not asked or free[-1] > asked[-1] else []
    if below or above:
        return [*dict.fromkeys((*below, *above))]
    wanted = []
    for lower, upper in pairwise(asked):
        between = [at for at in free if lower < at < upper]
        if between:
            middles = [at for at in between if at in tops] or between
            wanted.append(min(middles, key=lambda at: (abs(2 * at - lower - upper), at)))
    return wanted


def agrees(known: Curve, curve: Curve) -> bool:
    """Whether all that is known of a place fits the curve; a bracket that the curve does not have says nothing."""
    return all(curve.get(at, outcome) == outcome for at, outcome in known.items())


def telling_bracket(curves: Sequence[Curve], size: int, askable: Callable[[int], bool]) -> int | None:
    """The bracket at which the curves differ most; the heaviest of several, None where no bracket can be asked."""
    free = [at for at in range(size) if askable(at)]
    return max(free, key=lambda at: (len({curve.get(at) for curve in curves if at in curve}), at), default=None)


def dearest(outcomes: Iterable[Outcome]) -> Outcome:
    """The highest price with the most days of either end; refused only where all are."""
    priced = [each for each in outcomes if each is not None]
    if not priced:
        return None
    return LanePrice(*(max(part) for part in zip(*priced, strict=True)))


def estimated(curve: Curve, size: int, references: Sequence[Curve]) -> dict[int, Outcome]:
    """The curve with its holes closed, dearer rather than cheaper: no more than the next heavier bracket that is known.

    Above all that is known, only a reference can tell; without one these brackets stay unknown.
    """
    asked = sorted(curve)
    like = min(references, key=lambda each: _distance(curve, each), default={})
    closed = dict(curve)
    for at in range(size) if asked else ():
        if at in curve:
            continue
        lighter = next((curve[each] for each in reversed(asked) if each < at), None)
        heavier = next((curve[each] for each in asked if each > at), None)
        guess = _alike(at, curve, like)
        if guess is None and at in like and like[at] is None and heavier is None:
            closed[at] = None
        elif guess is None:
            if at < asked[-1]:
                closed[at] = heavier or lighter
        else:
            bound = heavier.price if heavier else guess.price
            closed[at] = guess._replace(price=max(min(guess.price, bound), lighter.price if lighter else 0))
    return closed


def _alike(at: int, curve: Curve, like: Curve) -> Outcome:
    """What the reference has here, moved or scaled as at the nearest bracket that is priced in both; else None."""
    there = like.get(at)
    anchors = [each for each in curve if curve[each] is not None and like.get(each) is not None]
    if there is None or not anchors:
        return None
    anchor = min(anchors, key=lambda each: (abs(each - at), each))
    known, beside = curve[anchor], like[anchor]
    assert known is not None and beside is not None  # noqa: S101, PT018 — anchors are priced
    shifted = there.price + known.price - beside.price
    scaled = -(-there.price * known.price // max(1, beside.price))
    return LanePrice(
        max(shifted, scaled),
        max(known.days_min, there.days_min + known.days_min - beside.days_min),
        max(known.days_max, there.days_max + known.days_max - beside.days_max),
    )


def _distance(curve: Curve, reference: Curve) -> tuple[int, float]:
    """How unlike two curves are: what one refuses and the other does not first, then the relative prices."""
    pairs = [(curve[at], reference[at]) for at in curve if at in reference]
    unlike = sum((one is None) != (other is None) for one, other in pairs)
    apart = sum(abs(one.price - other.price) / max(1, one.price) for one, other in pairs if one and other)
    return unlike + len(curve) - len(pairs), apart


Shift = tuple[int, int, int]
"""By how much price and days of one outcome lie above those of another."""


def _shift(outcome: Outcome, reference: Outcome) -> Shift | None:
    """How far one price lies above another; None where either is refused."""
    if outcome is None or reference is None:
        return None
    return (
        outcome.price - reference.price,
        outcome.days_min - reference.days_min,
        outcome.days_max - reference.days_max,
    )


def _reference_beside(
    references: Sequence[Curve], known: Curve, asked: Sequence[int], lower: int, upper: int
) -> tuple[Curve, Shift] | None:
    """A curve that what was asked lies beside, at both ends of a hole and at a third bracket next to them; how far."""
    at = asked.index(lower)
    thirds = [asked[near] for near in (at - 1, at + 2) if 0 <= near < len(asked)]
    for reference in references:
        shift = _shift(known[lower], reference.get(lower))
        if shift is None or shift != _shift(known[upper], reference.get(upper)):
            continue
        if any(_shift(known[third], reference.get(third)) == shift for third in thirds):
            return reference, shift
    return None


def _moved(outcome: Outcome, shift: Shift) -> Outcome:
    if outcome is None:
        return None
    return LanePrice(outcome.price + shift[0], outcome.days_min + shift[1], outcome.days_max + shift[2])
