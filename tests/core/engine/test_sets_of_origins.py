"""Lines that go together leave from sets of origins: which are tried, what is not known, and how offers are told."""

from shop import EXPRESS, member, rate, refusal, service
from stocked_shop import Said, asked, stocked

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
