"""Options for the whole cart: what every line has, put together, and never cheaper or sooner than its lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platforms import not_served, offer, served, unknown

from portes.channels.cart import TitleSettings, cart_options
from portes.contract import DeliveryType, Offer


def by(carrier: str, delivery: str = "normal", minor: int = 1000, days: tuple[int, int] = (3, 5)) -> Offer:
    return offer(delivery, minor, days, carrier=carrier.lower(), carrier_name=carrier)


def told(*lines: list[Offer]) -> list[tuple[str, int, str]]:
    return [(option.code, option.price.minor, option.carriers) for option in cart_options(served(*lines))]


def test_a_service_that_every_line_has_is_an_option_at_the_sum_of_their_prices() -> None:
    assert told([by("Acme", minor=1000), by("Bolt", minor=1500)], [by("Bolt", minor=300), by("Acme", minor=900)]) == [
        ("bolt:03298", 1800, "Bolt"),
        ("acme:03298", 1900, "Acme"),
    ]


def test_a_type_without_a_common_service_is_one_option_of_the_best_of_each_line() -> None:
    assert told([by("Acme", minor=1000)], [by("Bolt", minor=300)]) == [("normal", 1300, "Acme + Bolt")]


def test_a_type_that_has_a_common_service_is_not_mixed_besides() -> None:
    lines = [[by("Acme", minor=1000), by("Bolt", minor=400)], [by("Acme", minor=900)]]

    assert told(*lines) == [("acme:03298", 1900, "Acme")]


def test_a_type_that_a_line_lacks_is_no_option() -> None:
    assert told([by("Acme"), by("Acme", "express", 2000)], [by("Acme")]) == [("acme:03298", 2000, "Acme")]


def test_of_one_service_twice_on_a_line_the_best_counts() -> None:
    assert told([by("Acme", minor=1000), by("Acme", minor=1100)]) == [("acme:03298", 1000, "Acme")]


def test_the_cart_is_there_when_its_slowest_line_is() -> None:
    slow, quick = by("Acme", days=(2, 9)), by("Acme", days=(4, 6))
    (option,) = cart_options(served([slow], [quick]))

    assert (option.lead_time.min, option.lead_time.max) == (4, 9)
    assert (option.lead_time.earliest, option.lead_time.latest) == (quick.lead_time.earliest, slow.lead_time.latest)


def test_what_of_the_promise_is_not_transit_is_handling() -> None:
    (option,) = cart_options(served([offer(days=(5, 8), transit=5)], [offer(days=(5, 7), transit=6)]))

    assert (option.handling_days, option.transit_days) == (2, 6)


def test_transit_that_is_longer_than_the_promise_in_the_askers_calendar_is_cut_to_it() -> None:
    (option,) = cart_options(served([offer(days=(2, 3), transit=4)]))

    assert (option.handling_days, option.transit_days) == (0, 3)


@pytest.mark.parametrize("quote", [not_served(), unknown(2)])
def test_nothing_that_is_not_served_has_an_option(quote: object) -> None:
    assert cart_options(quote) == ()  # type: ignore[arg-type] # a quote


def test_a_line_without_offers_leaves_the_cart_without_options() -> None:
    assert cart_options(served([by("Acme")], [])) == ()


def test_titles_name_the_carriers_where_they_are_wanted() -> None:
    titles = TitleSettings(normal="Normal", express="{carrier} rápido")
    cart = served([by("Acme"), by("Acme", "express", 3000)], [by("Bolt"), by("Bolt", "express", 3000)])

    assert [option.title(titles) for option in cart_options(cart)] == ["Normal", "Acme + Bolt rápido"]
    with pytest.raises(ValueError, match="holds a brace"):
        TitleSettings(normal="{carier}")


CARRIERS = st.sampled_from(["Acme", "Bolt", "Cart"])
OFFERS = st.builds(
    by, CARRIERS, st.sampled_from(["normal", "express"]), st.integers(0, 5000), st.sampled_from([(1, 2), (3, 9)])
)


@given(st.lists(st.lists(OFFERS, min_size=1, max_size=5), min_size=1, max_size=4))
def test_no_option_is_cheaper_or_sooner_than_its_lines_and_each_has_an_offer_of_every_line(
    lines: list[list[Offer]],
) -> None:
    options = cart_options(served(*lines))

    common = set.intersection(*[{one.delivery for one in line} for line in lines])
    assert {option.delivery for option in options} == common
    assert len({(option.code, option.delivery) for option in options}) == len(options)
    for option in options:
        assert all(one in line for one, line in zip(option.offers, lines, strict=True))
        assert option.price.minor == sum(one.price.minor for one in option.offers)
        assert option.lead_time.latest == max(one.lead_time.latest for one in option.offers)
        assert option.handling_days + option.transit_days == option.lead_time.max
    assert [option.price.minor for option in options] == sorted(option.price.minor for option in options)
    assert DeliveryType.SUPER_EXPRESS not in common
