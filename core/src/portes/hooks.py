"""The hooks that watchers may implement, each saying when it fires; hooks watch and return nothing, rules decide.

A watcher is a module or object with `@hookimpl` functions, named by an entry point of the group
`portes.hooks`. It must be quick and do no I/O: it runs between a carrier's answer and the marketplace.
One that raises is logged and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import (
    Parameter,
    getattr_static,
    isasyncgenfunction,
    iscoroutinefunction,
    isfunction,
    isgeneratorfunction,
    signature,
)
from operator import itemgetter
from typing import Any, Final

import pluggy
import structlog

from portes.contract import Answer, DeliveryType, Quote, QuoteRequest
from portes.contract.suggestions import did_you_mean, nearest
from portes.errors import Problem, SettingsError, pass_interrupt

PROJECT = "portes"
_PREFIX: Final = f"{PROJECT}_"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

_log = structlog.get_logger(__name__)


class Hooks:
    """The specifications of all hooks, with the moment at which each fires."""

    @hookspec
    def portes_asked(self, store: str, request: QuoteRequest) -> None:
        """Fires once per question, after it was read and before any carrier is asked."""

    @hookspec
    def portes_answered(self, store: str, carrier: str, answer: Answer, seconds: float) -> None:
        """Fires once per carrier and shipment, when the quote is decided: what the carrier itself said.

        `seconds` is how long its call took; a carrier that came too late is told with its failures. A fallback is told
        right after the carrier it covers, and only when it was asked.
        """

    @hookspec
    def portes_fell_back(self, store: str, carrier: str, fallback: str, kind: str) -> None:
        """Fires once per carrier, shipment and delivery type where a fallback's rate takes the place of failures.

        `kind` is that of the failure, such as `late`: of the first one, where several services of the type failed.
        """

    @hookspec
    def portes_quoted(self, store: str, request: QuoteRequest, quote: Quote, seconds: float) -> None:
        """Fires once per question, after its answers and before the channel writes the decision."""

    @hookspec
    def portes_sku_missed(self, store: str, skus: Sequence[str], cause: str) -> None:
        """Fires for a question with lines of which the store's catalogue said nothing, one SKU for each such line.

        `cause` is `unknown` where the catalogue lacks them, else the kind of failure that kept it from being asked:
        `late`, `unreachable`. A store without a catalogue misses none.
        """

    @hookspec
    def portes_turned_away(self, store: str, channel: str, reason: str) -> None:
        """Fires when a call got an early 503 and nobody was asked.

        `reason` is `overloaded`, `crowded` or `too_late`.
        """

    @hookspec
    def portes_replied(
        self,
        store: str,
        channel: str,
        status: int,
        verdict: str,
        seconds: float,
        cause: str,
        withheld: Sequence[DeliveryType],
        quote: Quote | None,
    ) -> None:
        """Fires once per call on a channel, after its reply was written.

        `verdict` is `served`, `not_served`, `unknown`; `turned_away` or `error` when no quote was made.
        `cause` says why the marketplace must have thrown the answer away; it is empty when it did not.
        `withheld` are the delivery types for whose sake offers were held back; `quote` is None when none was made.
        """

    @hookspec
    def portes_alarmed(self, store: str, kind: str, text: str) -> None:
        """Fires when something needs a person: `kind` is `invalid_reply` for a reply that broke its channel's rules.

        It is the same for a question that cannot be meant in the units that its channel is set to.
        """

    @hookspec
    def portes_receipts_lost(self, store: str, count: int, cause: str) -> None:
        """Fires behind the answers, in a thread of its own, when quotes were answered but their receipts not kept.

        `cause` is `queue_full`, `locked`, `full`, `broken`, `unwritable`, `crashed` or `closed`.
        """


class Watchers(Hooks):
    """The registered watchers. A hook is called as a method, such as `watchers.portes_quoted(store=…, …)`.

    They are called one by one, so that none can silence the others; one that raises is logged.
    """

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        self._bind()

    def register(self, watcher: object, name: str, brought_by: str = "") -> None:
        """Add a watcher; `brought_by` is its distribution.

        Raises `SettingsError` for a hook that nobody specified, an argument it does not offer, and for whatever else
        would keep a hook from being heard.
        """
        if flaw := lacks_of_watcher(watcher):
            raise _refused(name, brought_by, flaw)
        try:
            self._manager.register(watcher, name)
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as problem:
            raise _refused(name, brought_by, str(problem)) from None
        self._bind()

    def names(self) -> list[str]:
        """Who watches, in the order of registration."""
        return [name for name, _ in self._manager.list_name_plugin()]

    def _bind(self) -> None:
        """Put in place of each specification the calls of all who implement it."""
        for hook in _HOOKS:
            impls = getattr(self._manager.hook, hook).get_hookimpls()
            calls = tuple((impl.plugin_name, impl.function, _picking(impl.argnames)) for impl in impls)
            setattr(self, hook, partial(_call_all, hook, calls))


_Picking = Callable[[Mapping[str, object]], Sequence[object]]


def _picking(wanted: Sequence[str]) -> _Picking:
    """What picks the arguments that a watcher wants out of all that are offered, in its own order."""
    if len(wanted) > 1:
        return itemgetter(*wanted)
    return lambda happened: [happened[argument] for argument in wanted]


def _call_all(hook: str, calls: Sequence[tuple[str, Callable[..., None], _Picking]], **happened: object) -> None:
    for name, call, pick in calls:
        try:
            call(*pick(happened))
        except BaseException as problem:  # noqa: BLE001 — a watcher's bug must cost nobody an answer
            pass_interrupt(problem)
            _log.exception("watcher failed", watcher=name, hook=hook)


def lacks_of_watcher(watcher: object) -> str:
    """What would keep a hook of a watcher from being heard, in words; empty when nothing would."""
    if isinstance(watcher, type) and any(_needs_self(watcher, name) for name in dir(watcher)):
        return "it is a class, and its hooks have no self: name an object of it, or a module of functions"
    flaws = (_flaw(name, getattr(watcher, name)) for name in dir(watcher))
    return next(filter(None, flaws), "")


def _needs_self(watcher: type, name: str) -> bool:
    found = getattr_static(watcher, name)  # a static or class method needs none
    return isfunction(found) and hasattr(found, f"{PROJECT}_impl")


def _flaw(name: str, found: Any) -> str:  # noqa: ANN401 — whatever stands in a stranger's module
    mark = getattr(found, f"{PROJECT}_impl", None) if callable(found) else None
    if not isinstance(mark, dict):
        if not (callable(found) and name.startswith(_PREFIX)):
            return ""
        if name in _HOOKS:
            return f"its {name} is not marked, so nobody calls it: put @hookimpl above it"
        near = nearest(name.removeprefix(_PREFIX), [each.removeprefix(_PREFIX) for each in _HOOKS])
        meant = f"did you mean {_PREFIX}{near[0]}?" if near else ""  # else a helper of its own
        return f"its {name} is no hook and not marked, so nobody calls it: {meant}" if meant else ""
    hook = mark.get("specname") or name
    if hook not in _HOOKS:
        return f"it has no hook to watch by {hook}: {did_you_mean(hook, _HOOKS) or f'the hooks are {_listed(_HOOKS)}'}"
    if any(check(found) for check in (iscoroutinefunction, isasyncgenfunction, isgeneratorfunction)):
        return f"its {name} is async or yields, and nobody waits for it: write a plain function that returns"
    return _argument_flaw(name, hook, found)


def _argument_flaw(name: str, hook: str, found: Callable[..., object]) -> str:
    offered = [each for each in signature(getattr(Hooks, hook)).parameters if each != "self"]
    wanted = [each for each in signature(found).parameters.values() if each.default is Parameter.empty]
    stranger = next((each.name for each in wanted if each.name not in offered), None)
    if stranger is None:
        return ""
    return f"its {name} wants {stranger}: {did_you_mean(stranger, offered)} {hook} offers {_listed(offered)}".replace(
        "  ", " "
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _refused(name: str, brought_by: str, flaw: str) -> SettingsError:
    cause = f"comes from {brought_by}, which cannot watch: {flaw}" if brought_by else flaw
    owner = brought_by.rpartition(" ")[0] or "it"
    fix = f"upgrade or uninstall {owner}; the page on hooks shows a whole watcher"
    return SettingsError(Problem(f"hooks.{name}", "", cause, fix))


_HOOKS: Final = tuple(name for name in vars(Hooks) if name.startswith(_PREFIX))


__all__ = ["Hooks", "Watchers", "hookimpl", "hookspec", "lacks_of_watcher"]
