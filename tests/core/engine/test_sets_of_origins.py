"""Lines that go together leave from sets of origins: which are tried, what is not known, and how offers are told."""

from shop import EXPRESS, member, rate, refusal, service
from stocked_shop import Said, asked, asked_of, by_origin, stocked, told

from portes.contract import Shipment


def test_lines_that_go_together_have_their_offers_in_one_order() -> None:
    """Of 101 cents the one line is told 51 and the other 50: as much as of 100, which must stay the cheaper offer."""

    def first(shipment: Shipment) -> list[Said]:
        return [rate("n", 100, (5, 6)) if shipment.origin.id == 1 else refusal("n")]

    def second(shipment: Shipment) -> list[Said]:
        here = shipment.origin.id == 1
        return [rate("m", 101, (1, 2)), refusal("e")] if here else [refusal("m"), rate("e", 900)]

    carriers = [
        member("a", first, service("n")),
        member("b", second, service("m"), service("e", EXPRESS)),
    ]
    quote = asked("a", "b", of=carriers, stock=stocked(a=(1, 2), b=(1, 2)), lines="together")

    assert [[offer.rate.service for offer in line.offers] for line in quote.lines] == [["n", "m", "e"]] * 2


def test_an_item_of_no_named_origins_goes_along_with_those_that_have_some() -> None:
    carrier = by_origin(o2=[rate("n")], o3=[rate("n")])
    both = asked("a", "b", of=[carrier], stock=stocked(a=(1, 2), b=()), lines="together")

    assert told(both) == [[("normal", 2, 500)], [("normal", 2, 500)]]
    assert {number for number, _ in asked_of(carrier)} == {1, 2}


def test_what_was_not_asked_is_told_of_an_origin_that_was_not_asked() -> None:
    """One line can leave from the first origin alone; the other has one more than are tried."""
    quote = asked("a", "b", of=[by_origin()], stock=stocked(a=(1,), b=(1, 2, 3, 4)), lines="together")
    gaps = quote.lines[1].failures

    assert {gap.origin_id for gap in gaps} == {4}
    assert {gap.failure.hint for gap in gaps} == {"origin 4 stocks it too and was not asked: most_origins is 3"}
