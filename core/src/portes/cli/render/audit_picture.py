"""Pictures of an audited table: a map of its coverage, and its prices by state and weight in colours."""

from collections.abc import Sequence
from html import escape
from typing import Final

from portes.cli.render.audit_texts import TEXTS
from portes.contract.money import exponent
from portes.contract.states import state_noun
from portes.errors import escaped
from portes.tables.audit.auditing import AuditReport
from portes.tables.audit.coverage import AuditCoverage, CoverageSeries, CoveredState
from portes.tables.places.outline import country_outline

_SHARES: Final = (
    ("s0", 0, "0 %"),
    ("s1", 49, "1 to 49 %"),
    ("s2", 89, "50 to 89 %"),
    ("s3", 99, "90 to 99 %"),
    ("s4", 100, "100 %"),
)
"""Classes of the map, the highest percentage of each, and its words."""
_SHADES: Final = 7
"""Colours of the prices."""
_FAR: Final = 3
"""How many times the median a price may be and still spread the colours."""


def map_defs(country: str) -> str:
    """The shapes of a country's states, once for all maps of a page; empty for a country without a map."""
    outline = country_outline(country)
    if outline is None:
        return ""
    shapes = "".join(f'<path id="state-{code}" d="{path}"/>' for code, path in outline.shapes.items())
    return f'<svg class="defs" aria-hidden="true"><defs>{shapes}</defs></svg>'


def coverage_map(country: str, series: CoverageSeries, coverage: AuditCoverage) -> str:
    """The map of a series at the weight in the middle, with a legend and the credit of its outline."""
    outline = country_outline(country)
    if outline is None or not coverage.measures:
        return ""
    middle = len(coverage.measures) // 2
    places = TEXTS["towns" if coverage.by_town else "codes"]
    shapes, labels = [], []
    for one in series.states:
        if one.state not in outline.shapes:
            continue
        share = percent_served(one, middle)
        words = TEXTS["share"].format(
            state=_text(one.name),
            share=f"{share} %",
            places=places,
            served=f"{one.served[middle]:,}",
            all=f"{one.places:,}",
        )
        shapes.append(f'<use href="#state-{one.state}" class="{_share_class(share)}"><title>{words}</title></use>')
        x, y = outline.labels[one.state]
        labels.append(f'<text x="{x}" y="{y}" class="on-{_share_class(share)}">{one.state}</text>')
    frame = f'<path class="frame" d="{outline.frame}"/>' if outline.frame else ""
    title = TEXTS["map-title"].format(places=places, measure=_text(coverage.words[middle]))
    legend = "".join(f'<li><span class="swatch {name}"></span>{words}</li>' for name, _, words in _SHARES)
    return (
        f'<figure><figcaption>{title}</figcaption><svg class="map" viewBox="{outline.view}" role="img" '
        f'aria-label="{title}">{"".join(shapes)}{frame}<g aria-hidden="true">{"".join(labels)}</g></svg>'
        f'<ul class="legend">{legend}</ul><p class="credit">{escape(outline.credit)}</p></figure>'
    )


def heat_map(series: CoverageSeries, report: AuditReport) -> str:
    """A table of median prices by state and weight, coloured weight by weight, with a legend."""
    coverage = report.coverage
    currency, noun = report.rows.options.currency, state_noun(report.rows.options.country)
    title = TEXTS["heat-title"].format(noun=noun, currency=_text(currency))
    places = TEXTS["towns" if coverage.by_town else "codes"]
    columns = [[one.prices[at] for one in series.states] for at in range(len(coverage.measures))]
    shades = [_shades(column) for column in columns]
    head = "".join(f'<th scope="col">{_text(words)}</th>' for words in coverage.words)
    body = []
    for row, one in enumerate(series.states):
        cells = "".join(_cell(one, at, shades[at][row], currency, places) for at in range(len(coverage.measures)))
        name = (
            f'<abbr title="{_text(one.name)}">{one.state}</abbr>'
            if coverage.by_town
            else f"{one.state} {_text(one.name)}"
        )
        body.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    swatches = "".join(f'<span class="swatch h{shade}"></span>' for shade in range(_SHADES))
    legend = f"{TEXTS['heat-legend'].format(noun=noun)} {TEXTS['cheap']} {swatches} {TEXTS['dear']}"
    return (
        f"<figure><figcaption>{title}</figcaption>"
        f'<p class="legend-line">{legend}</p><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{title}"><table class="heat">'
        f'<thead><tr><th scope="col">{TEXTS[noun]}</th>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
        f'<p class="credit">{TEXTS["partly"].format(places=places)}</p></figure>'
    )


def percent_served(one: CoveredState, at: int) -> int:
    """The share of a state's places with a price, in whole percent: 100 for all of them and 0 for none only."""
    if not one.served[at]:
        return 0
    return max(1, one.served[at] * 100 // one.places)


def _share_class(share: int) -> str:
    return next(name for name, most, _ in _SHARES if share <= most)


def _cell(one: CoveredState, at: int, shade: int, currency: str, places: str) -> str:
    """A price and the share of places that have it; what eyes see by its place is there in words for ears, too."""
    price = one.prices[at]
    if price is None:
        return (
            f'<td class="none"><span aria-hidden="true">&#8211;</span><span class="spoken">{TEXTS["none"]}</span></td>'
        )
    share = percent_served(one, at)
    spoken = f'<span class="spoken"> {TEXTS["of-places"].format(places=places)}</span>'
    partly = f" <small>{share} %{spoken}</small>" if share < 100 else ""
    return f'<td class="h{shade}">{amount(price, currency)}{partly}</td>'


def amount(price: int, currency: str) -> str:
    """A price for a cell: to whole minor units, half upwards, without its currency."""
    places = exponent(currency)
    minor = (price + 500_000) // 1_000_000
    whole, rest = divmod(minor, 10**places)
    return f"{whole:,}.{rest:0{places}}" if places else f"{whole:,}"


def _shades(prices: Sequence[int | None]) -> list[int]:
    """The colour of each price of a column, from the cheapest to the dearest by equal steps; 0 where there is none.

    A price far above the median has the darkest colour and no say in the steps: a wrong one would make all others pale.
    """
    known = sorted(price for price in prices if price is not None)
    if not known:
        return [0] * len(prices)
    low, high = known[0], min(known[-1], known[len(known) // 2] * _FAR)
    steps, span = _SHADES - 1, max(1, high - low)
    return [0 if price is None else min(steps, (price - low) * steps // span) for price in prices]


def _text(foreign: object) -> str:
    return escape(escaped(str(foreign)))
