"""What a table says of itself as a whole, held against what the carrier's settings say; neither changes the other."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from portes.errors import Problem, SettingsError
from portes.tables import StatedTerms, find_format
from portes_table.dated import DatedTable
from portes_table.settings import TableSettings

_MILLIMETRES: Final = (1, 10, 1000)
"""Millimetres in the units that a limit of a side may be written in: mm, cm, m."""
_ADDED: Final = (
    "the table says that tax is not in its prices (ICMS N), and the settings have no rate of it",
    'write kind = "inside" with interstate = "BR" and rates for lanes within a state, or rates for all lanes',
)
_HELD: Final = (
    "the table says that its prices hold the tax, or that there is none (ICMS S)",
    'write kind = "included", or correct the table',
)


def check_terms(settings: TableSettings, one: DatedTable) -> None:
    """Refuse settings that a table of sections contradicts; other formats say nothing. Raises `SettingsError`.

    The table was read without problems before.
    """
    state = getattr(find_format(one.format), "stated_terms", None)
    if state is None:
        return
    terms: StatedTerms = state(one.read(), one.options)
    if problems := list(_contradictions(settings, terms)):
        raise SettingsError(problems)


def _contradictions(settings: TableSettings, terms: StatedTerms) -> Iterator[Problem]:
    tax = settings.tariff.tax if settings.tariff else None
    inside = tax is not None and tax.kind == "inside"
    if terms.tax_is_added and not (inside and tax and (tax.rates or tax.interstate)):
        yield Problem("settings.tariff.tax", tax.kind if tax else "", *_ADDED)
    if terms.tax_is_added is False and inside:
        yield Problem("settings.tariff.tax", "inside", *_HELD)
    if terms.cubic_factor is not None:
        yield from _cubage(settings, terms.cubic_factor)
    exempt = terms.cubic_exempt_kg
    if exempt is not None and exempt * 1000 != settings.cubic_exempt:
        cause = f"the table says that the cubic weight is ignored up to {_words(exempt)} kg"
        fix = f"write cubic_exempt = {_words(exempt * 1000)}, or correct the table"
        yield Problem("settings.cubic_exempt", settings.cubic_exempt, cause, fix)
    if terms.sides:
        yield from _sides(settings.limits.longest_side, max(terms.sides))


def _cubage(settings: TableSettings, stated: Decimal) -> Iterator[Problem]:
    declared = settings.cubic_factor or settings.cubic_divisor or 0
    if stated != declared:
        key = "cubic_divisor" if settings.cubic_divisor else "cubic_factor"
        cause = f"the table says {_words(stated) if stated else 'that volumes count for nothing'} (Cubagem)"
        fix = f'write cubic_factor = "{_words(stated)}"' if stated else f"leave {key} out"
        yield Problem(f"settings.{key}", _words(Decimal(declared)), cause, f"{fix}, or correct the table")


def _sides(longest: int | None, stated: Decimal) -> Iterator[Problem]:
    if longest not in {stated * unit for unit in _MILLIMETRES}:
        cause = f"the table limits the longest side to {_words(stated)}, in a unit that it does not say"
        fix = "write limits = { longest_side = … } in mm as the carrier has it, or correct the table"
        yield Problem("settings.limits.longest_side", longest, cause, fix)


def _words(number: Decimal) -> str:
    return f"{number.normalize():f}"
