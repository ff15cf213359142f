"""A checked rate table in a few words; it reads no file."""

from portes.contract import Money
from portes.tables import Summary


def summary_words(summary: Summary, currency: str) -> str:
    """What a table holds: rows, ranges, prices in this currency, days, services and what was left out."""
    lowest, highest = (Money(minor=minor, currency=currency) for minor in (summary.lowest_price, summary.highest_price))
    services = ", ".join(filter(None, summary.services))
    parts = [f"{summary.rows} rows", f"{summary.ranges} postal ranges", f"prices from {lowest} to {highest}"]
    parts += [f"{summary.days_min} to {summary.days_max} business days"]
    parts += [f"services {services}"] if services else []
    parts += [f"{summary.refused} rows without service"] if summary.refused else []
    parts += [f"{summary.left_out} lines left out"] if summary.left_out else []
    return ", ".join(parts)
