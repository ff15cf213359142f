"""Rules of a store that can never apply: told, because nobody would notice, and refused by nobody."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from portes.contract import DeliveryType
from portes.errors import Problem
from portes.registry import CHANNELS
from portes.rules.conditions import days_of
from portes.rules.protocol import RuleSettings
from portes.rules.regions import Regions
from portes.rules.seasons import first_day
from portes.rules.when import MEASURES, Binding
from portes.store.context import BuildContext

_LISTS: Final = ("carriers", "delivery_types", "channels", "storefronts", "origins")
_DATES: Final = frozenset({"date_from", "date_to", "seasons", "weekdays"})
_NEVER: Final = "so the rule can never apply"


class _StoreService(NamedTuple):
    """A service that the store offers."""

    carrier: str
    code: str
    delivery: str

    def meets(self, when: Mapping[str, Any]) -> bool:
        """Whether its carrier, code and type are among those of some conditions, where they name any."""
        code = not when.get("services") or {self.code, f"{self.carrier}:{self.code}"} & {*when["services"]}
        carrier = not when.get("carriers") or self.carrier in when["carriers"]
        unknown = self.delivery not in list(DeliveryType)  # told elsewhere, or taken from the environment
        return bool(
            code and carrier and (unknown or self.delivery in (when.get("delivery_types") or list(DeliveryType)))
        )


def never_applies(context: BuildContext, settings: RuleSettings, bindings: Sequence[Binding]) -> Iterator[Problem]:
    """Why a rule with these conditions can never apply, each reason at its key relative to the rule's table."""
    yield from _empty_ranges(bindings)
    yield from _nothing_in_common(bindings)
    yield from _no_service(context, bindings) or _no_choice(context, settings, bindings)
    yield from _no_channel(context, bindings)
    yield from _no_day(context, bindings)
    yield from _no_place(context, bindings)


def _told(bindings: Sequence[Binding], names: Sequence[str], value: str, cause: str, fix: str) -> Problem:
    """A reason, at the first of these conditions that is there."""
    key = next(binding.key(name) for binding in bindings for name in names if name in binding.when.named)
    return Problem(key, value, f"{cause}, {_NEVER}", fix)


def _ends(bindings: Sequence[Binding], name: str) -> tuple[Any, Any]:
    """The highest `…_from` and the lowest `…_to` of a measure, None where nobody names one."""
    named = [binding.when.named for binding in bindings]
    lows = [each[f"{name}_from"] for each in named if f"{name}_from" in each]
    highs = [each[f"{name}_to"] for each in named if f"{name}_to" in each]
    return max(lows, default=None), min(highs, default=None)


def _empty_ranges(bindings: Sequence[Binding]) -> Iterator[Problem]:
    for measure in MEASURES:
        least, most = _ends(bindings, measure)
        line_least, line_most = _ends(bindings, f"line_{measure}")
        # a line is a part of the cart: what one has, the cart has at least
        for low, high, name in ((least, most, measure), (line_least, line_most, f"line_{measure}")):
            if low is not None and high is not None and low > high:
                cause = f"begins at {low} and ends at {high}"
                yield _told(bindings, (f"{name}_from",), str(low), cause, f"write {high} or less, or raise {name}_to")
        if line_least is not None and most is not None and line_least > most:
            cause = f"asks more of a line than {measure}_to = {most} allows the whole cart"
            yield _told(bindings, (f"line_{measure}_from",), str(line_least), cause, f"write {most} or less")


def _nothing_in_common(bindings: Sequence[Binding]) -> Iterator[Problem]:
    """Lists of the same condition, in `when` and in the rule's own table, that share nothing."""
    for name in _LISTS:
        lists = [{*binding.when.named[name]} for binding in bindings if name in binding.when.named]
        if len(lists) > 1 and not set.intersection(*lists):
            value = ", ".join(map(str, sorted(lists[0])))
            yield _told(bindings, (name,), value, f"shares nothing with the {name} beside it", "keep one of the two")


def _no_service(context: BuildContext, bindings: Sequence[Binding]) -> list[Problem]:
    """Carrier, service and type that no service of the store has together."""
    names = [name for name in ("services", "delivery_types", "carriers") if any(name in b.when.named for b in bindings)]
    services = list(_services_of(context))
    met = any(all(service.meets(binding.when.named) for binding in bindings) for service in services)
    if not names or met or not services:
        return []
    value = ", ".join(str(each) for b in bindings for each in b.when.named.get(names[0], ()))
    cause = f"together with the rule's other conditions on {' and '.join(names)} fits no active service of the store"
    cause = cause if len(names) > 1 else "fits no active service of the store"
    return [_told(bindings, names, value, cause, _active(services))]


def _no_choice(context: BuildContext, settings: RuleSettings, bindings: Sequence[Binding]) -> Iterator[Problem]:
    """The type or the carriers that a rule chooses by, of which the store has no service where the rule applies.

    By convention these are keys of its own, `which` and `carriers`; those that are conditions are told as such.
    """
    conditions = {binding.key(name) for binding in bindings for name in binding.when.named}
    types = [each for each in DeliveryType if each == getattr(settings, "which", None)]
    carriers = list(getattr(settings, "carriers", None) or ())
    chosen = (("which", "delivery_types", types), ("carriers", "carriers", carriers))
    services = list(_services_of(context))
    left = [each for each in services if all(each.meets(binding.when.named) for binding in bindings)]
    for key, condition, named in chosen:
        if left and named and key not in conditions and not any(each.meets({condition: named}) for each in left):
            cause = f"fits no active service of the store, {_NEVER}"
            yield Problem(key, ", ".join(map(str, named)), cause, _active(services))


def _active(services: Sequence[_StoreService]) -> str:
    known = ", ".join(f"{each.carrier}:{each.code} ({each.delivery})" for each in services[:5])
    return f"active services are {known}"


def _services_of(context: BuildContext) -> Iterator[_StoreService]:
    for carrier, section in context.draft.carriers.items():
        for table in section.services if section.active else ():
            if table.get("active") is not False:
                yield _StoreService(carrier, str(table.get("code")), str(table.get("delivery")))


def _no_channel(context: BuildContext, bindings: Sequence[Binding]) -> Iterator[Problem]:
    naming = [binding for binding in bindings if binding.when.channels]
    known = [plugin.name for plugin in context.runtime.registry.plugins(CHANNELS)] if naming else []
    for binding in naming:
        channels = binding.when.channels
        if not {*channels} & {*known, *context.draft.channels}:
            cause = "names no channel that is installed, so that only a host's own questions by the library can meet it"
            yield Problem(binding.key("channels"), ", ".join(channels), cause, f"write one of {', '.join(known)}")


def _no_day(context: BuildContext, bindings: Sequence[Binding]) -> Iterator[Problem]:
    """Dates that are over or end before they begin, and seasons and weekdays that leave none of them."""
    if not any(_DATES & binding.when.named.keys() for binding in bindings):
        return
    first, last = _ends(bindings, "date")
    today: date = context.runtime.clock.now().astimezone(ZoneInfo(context.section.timezone)).date()
    if first is not None and last is not None and first > last:
        cause = f"begins on {first} and ends on {last}"
        yield _told(bindings, ("date_from",), str(first), cause, f"write {last} or an earlier day")
    elif last is not None and last < today:
        fix = "remove the rule, or write a later day"
        yield _told(bindings, ("date_to",), str(last), "is over", fix)
    elif first_day([days_of(binding.when) for binding in bindings], max(first or today, today), last) is None:
        cause = f"leaves no day until {last}" if last else "leaves no day together with the seasons beside it"
        fix = "widen the dates, the seasons or the weekdays"
        yield _told(bindings, ("seasons", "weekdays"), "", cause, fix)


def _no_place(context: BuildContext, bindings: Sequence[Binding]) -> Iterator[Problem]:
    """Regions of other countries alone, and regions that share no place."""
    country = context.section.country
    regions = [(binding, Regions(binding.when.regions)) for binding in bindings if binding.when.regions]
    for binding, named in regions:
        if not named.countries & {"", country}:
            cause = f"lies outside {country}, the country of the store"
            fix = f"write regions of {country}, unless a channel asks for other countries"
            yield _told([binding], ("regions",), ", ".join(binding.when.regions), cause, fix)
            return
    if len(regions) > 1 and not regions[0][1].meet(regions[1][1], country):
        value = ", ".join(regions[0][0].when.regions)
        yield _told(bindings, ("regions",), value, "shares no place with the regions beside it", "keep one of the two")


__all__ = ["never_applies"]
