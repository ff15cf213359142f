"""What suites have in common: how a plugin's test class departs from one openly, with a reason, or not at all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])

_REASON = "__portes_replaces__"


def replaces(reason: str) -> Callable[[Method], Method]:
    """Mark a test method that replaces the suite's own of the same name, and why it does."""
    if not reason.strip():
        msg = "say why the suite's own test is replaced"
        raise TypeError(msg)

    def mark(method: Method) -> Method:
        setattr(method, _REASON, reason)
        return method

    return mark


class Suite:
    """A suite of tests: its own classes derive from it, and test classes of plugins from those."""

    exempt: ClassVar[Mapping[str, str]] = {}
    """Tests that are known to fail, and why. They run all the same; one that passes asks to be taken off the list."""

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 — handed through
        super().__init_subclass__(**kwargs)
        if Suite not in cls.__bases__:
            suite = next(each for each in cls.__mro__ if Suite in each.__bases__)
            problems = departures(cls, suite, cls.exempt)
            if problems:
                raise TypeError("; ".join(problems))


def departures(cls: type, base: type, exempt: Mapping[str, str]) -> list[str]:
    """What is wrong with how a class departs from the suite."""
    suite = {name for name in dir(base) if name.startswith("test_")}
    return [*_unmarked(cls, suite), *_unfounded(exempt, suite)]


def _unmarked(cls: type, suite: set[str]) -> Iterator[str]:
    for name, method in vars(cls).items():
        reason = getattr(method, _REASON, "")
        if name in suite and not reason:
            yield f"{name} replaces a test of the suite: mark it with @replaces('why')"
        if reason and name not in suite:
            yield f"{name} says that it replaces a test, and the suite has none of that name"


def _unfounded(exempt: Mapping[str, str], suite: set[str]) -> Iterator[str]:
    for name, reason in exempt.items():
        if name.partition("[")[0] not in suite:
            yield f"{name} is exempt, and the suite has no such test"
        if not reason.strip():
            yield f"{name} is exempt without a reason"


__all__ = ["Suite", "departures", "replaces"]
