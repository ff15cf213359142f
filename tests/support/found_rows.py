"""What a row says, in the units that people write."""

from portes.tables import MICROS, Terms


def cents(price: int) -> int:
    """A row's amount in whole minor units; one with a fraction fails the test."""
    whole, rest = divmod(price, MICROS)
    assert rest == 0, price
    return whole


def percent_of_value(terms: Terms) -> int:
    """Of the declared value, in millionths of a percent."""
    return sum(fee.percent for fee in terms.fees if fee.name == "ad_valorem")


def least_of_value(terms: Terms) -> int:
    """The least that the percentage of the value comes to, in millionths of a minor unit."""
    return sum(fee.least for fee in terms.fees if fee.name == "ad_valorem")
