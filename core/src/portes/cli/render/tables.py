"""A checked rate table in a few words; it reads no file."""

from decimal import Decimal
from typing import Final

from portes.contract.money import exponent
from portes.tables import Axis, Micros, ReadOptions, Summary, weight_words

_AXES: Final[dict[Axis, str]] = {"weight": "weights", "value": "values", "units": "units", "volume": "volumes"}


def summary_words(summary: Summary, options: ReadOptions) -> str:
    """What a table holds: rows, ranges, the spans of weights, prices and percentages, days, services, what is out."""
    currency = options.currency
    lowest, highest = (_money(price, currency) for price in (summary.lowest_price, summary.highest_price))
    services = ", ".join(filter(None, summary.services))
    parts = [f"{summary.rows} rows", f"{summary.ranges} postal ranges", _brackets(summary, options)]
    parts += [f"prices from {lowest} to {highest}"]
    parts += [_percents(summary)] if summary.highest_percent else []
    timed = summary.days_max or not options.of_fees
    parts += [f"{summary.days_min} to {summary.days_max} business days"] if timed else []
    parts += [f"services {services}"] if services else []
    parts += [f"{summary.refused} rows without service"] if summary.refused else []
    parts += [f"{summary.on_request} rows on request"] if summary.on_request else []
    parts += [f"{summary.left_out} lines left out"] if summary.left_out else []
    return ", ".join(parts)


def _money(price: Micros, currency: str) -> str:
    """An amount in words, exactly: `12.90 BRL`, `66.1024 BRL`."""
    places = exponent(currency)
    amount = Decimal(price).scaleb(-6 - places).normalize()
    return f"{max(amount, amount.quantize(Decimal(1).scaleb(-places)), key=_decimals):f} {currency}"


def _decimals(amount: Decimal) -> int:
    return -int(amount.as_tuple().exponent)


def _brackets(summary: Summary, options: ReadOptions) -> str:
    lowest, highest = (_border(border, summary.axis, options) for border in (summary.lightest, summary.heaviest))
    return f"{_AXES[summary.axis]} from {lowest} to {highest}{' and above' if summary.endless else ''}"


def _border(border: int, axis: Axis, options: ReadOptions) -> str:
    """A border of a bracket in words, from thousandths of its unit."""
    if axis == "weight":
        return weight_words(border, options.weight_unit)
    if axis == "value":
        return _money(border * 1000, options.currency)
    return f"{Decimal(border).scaleb(-3).normalize():f}{' cm³' if axis == 'volume' else ''}"


def _percents(summary: Summary) -> str:
    span = (Decimal(percent).scaleb(-6).normalize() for percent in (summary.lowest_percent, summary.highest_percent))
    return "{:f} % to {:f} % of the declared value".format(*span)
