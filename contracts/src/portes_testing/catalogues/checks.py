"""The checks of sources of catalogues, plain functions that raise `BrokenContractError`; none knows pytest."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunningError
from threading import Thread
from typing import Any, Final

from pydantic import ValidationError

from portes.catalogue import CatalogueEntry, CatalogueSettings, CatalogueSource
from portes.contract import FailureKind
from portes.errors import CatalogueError
from portes.registry import CATALOGUES
from portes.store.plugin_checks import lacks_of_plugin, lacks_of_source
from portes_testing.catalogues.case import Table
from portes_testing.catalogues.source_under_test import SourceUnderTest
from portes_testing.checks.settings import unguarded
from portes_testing.harness import purity
from portes_testing.harness.errors import BrokenContractError, require, require_none

THREADS: Final = 8
SHORT: Final = 0.2
"""Seconds given to a source that hangs."""
GIVE_UP: Final = 10.0
"""Seconds after which it is not waited for any longer: a busy machine is no fault."""


def found_by_its_entry_point(under_test: SourceUnderTest) -> None:
    """A store that names the source finds it, whole as a store needs it."""
    lacking = lacks_of_plugin(CATALOGUES, under_test.plugin)
    require(not lacking, f"no store can use the source: {lacking}")
    with under_test.made(under_test.case.settings) as source:
        lacking = lacks_of_source(source)
        require(not lacking, f"no store can use the source: {lacking}")


def every_setting_is_described(under_test: SourceUnderTest) -> None:
    """Each key has a sentence for the reference page."""
    fields = _model(under_test).model_fields
    undescribed = (name for name, field in fields.items() if not (field.description or "").strip())
    require_none(undescribed, "an operator cannot know what these keys mean; give each a description")


def settings_are_strict(under_test: SourceUnderTest) -> None:
    """A key that nobody knows is an error, and settings never change under a source."""
    model = _model(under_test)
    require(model.model_config.get("frozen"), f"{model.__name__} is not frozen")
    try:
        model.model_validate({"use": under_test.case.name, "no_such_key": 1})
    except ValidationError as error:
        refused = any(found["loc"] == ("no_such_key",) for found in error.errors())
        require(refused, f"{model.__name__} takes a misspelled key in silence")
    else:
        raise BrokenContractError(f"{model.__name__} takes a misspelled key in silence")


def _model(under_test: SourceUnderTest) -> type[CatalogueSettings]:
    model = getattr(under_test.plugin, "Settings", None)
    if isinstance(model, type) and issubclass(model, CatalogueSettings):
        return model
    raise BrokenContractError("it has no Settings that derive from CatalogueSettings")


def secrets_are_discreet(under_test: SourceUnderTest) -> None:
    """What is secret is a `SecretStr`, and shows neither in settings nor in the source nor in what it raises."""
    shown: list[str] = []
    for table in _tables(under_test):
        with under_test.made(table) as source:
            shown += [str(source), repr(source)]
            try:
                under_test.ask(source, seconds=SHORT)
            except CatalogueError as error:
                shown += [str(error), str(error.hint), repr(error)]
    with under_test.made(lambda folder: _noting(under_test, under_test.case.settings(folder), shown)):
        pass
    told = "\n".join(shown)
    require_none(
        (f"{secret[:2]}…" for secret in under_test.case.secrets if secret in told),
        "these secrets can be read in the settings, the source or its errors",
    )


def _noting(under_test: SourceUnderTest, table: Mapping[str, Any], shown: list[str]) -> Mapping[str, Any]:
    settings = under_test.settings(table)
    require_none(unguarded(settings), "these look like secrets and are plain text; make them SecretStr")
    shown += [str(settings), repr(settings), settings.model_dump_json()]
    return table


def _tables(under_test: SourceUnderTest) -> Iterator[Table]:
    yield under_test.case.settings
    yield under_test.case.down


def it_is_made_without_asking(under_test: SourceUnderTest) -> None:
    """A store starts while its source is down: making one neither connects nor reads."""
    with under_test.made(under_test.case.down):
        pass


def rows_say_what_is_known(under_test: SourceUnderTest) -> None:
    """Weights, sizes, amounts, origins, units, days and words are the case's, in their units and to the cent."""
    found = _known(under_test)
    require_none(_differences(under_test, found), "a store sells by other facts than the shop's")


def _known(under_test: SourceUnderTest) -> dict[str, CatalogueEntry]:
    with under_test.made(under_test.case.settings) as source:
        return dict(_answered(under_test, source))


def _answered(
    under_test: SourceUnderTest, source: CatalogueSource, skus: Sequence[str] | None = None
) -> list[tuple[str, CatalogueEntry]]:
    try:
        return under_test.ask(source, skus)
    except CatalogueError as error:
        raise BrokenContractError(f"it says that it is {error.kind}, and nothing is wrong: {error.hint}") from error


def _differences(under_test: SourceUnderTest, found: dict[str, CatalogueEntry]) -> Iterator[str]:
    for sku, known in under_test.case.known.items():
        if sku not in found:
            yield f"{sku} is missing"
        elif found[sku] != known:
            yield f"{sku} is {found[sku]}, and known is {known}"


def what_is_not_there_is_absent(under_test: SourceUnderTest) -> None:
    """A SKU that it does not have is left out: neither an empty row nor a guess stands for it."""
    case = under_test.case
    with under_test.made(case.settings) as source:
        found = dict(_answered(under_test, source, [case.absent, *case.known]))
        require(case.absent not in found, f"it says {found.get(case.absent)} of a SKU that it does not have")
        alone = dict(_answered(under_test, source, [case.absent]))
        require(
            case.absent not in alone, f"asked alone, it says {alone.get(case.absent)} of a SKU that it does not have"
        )


def only_what_is_asked_for_comes(under_test: SourceUnderTest) -> None:
    """One asked by key gives the rows of those SKUs and no others; a whole one gives each SKU once."""
    with under_test.made(under_test.case.settings) as source:
        wanted = list(under_test.case.known)[:1] if source.by_key else list(under_test.case.known)
        came = [sku for sku, _ in _answered(under_test, source, wanted)]
    require(sorted(came) == sorted(wanted), f"asked for {sorted(wanted)}, it gives {sorted(came)}")


def the_same_question_gets_the_same_answer(under_test: SourceUnderTest) -> None:
    """Nothing about the shop changed between two carts, so that nothing may change for them."""
    with under_test.made(under_test.case.settings) as source:
        first = sorted(_answered(under_test, source), key=lambda row: row[0])
        for _ in range(2):  # twice, or one that alternates may pass
            again = sorted(_answered(under_test, source), key=lambda row: row[0])
            require(again == first, "the same question got another answer the second time")


def a_source_that_is_down_says_so(under_test: SourceUnderTest) -> None:
    """It raises `CatalogueError`: nothing found would mean that the shop sells none of it."""
    with under_test.made(under_test.case.down) as source:
        try:
            found = under_test.ask(source)
        except CatalogueError as error:
            require(error.kind in set(FailureKind), f"{error.kind!r} is no kind of failure")
            require(str(error.hint).strip(), "its error has no words for whoever is to mend it")
        else:
            raise BrokenContractError(f"it is down, and gives {len(found)} rows as if it were not")


def the_deadline_is_kept(under_test: SourceUnderTest) -> None:
    """It gives up when its time is over, and asks nobody where there is none: a thread that hangs is lost."""
    with under_test.made(under_test.case.settings) as source:
        _gives_up(under_test, source, 0.0)
    if under_test.case.hanging is not None:
        with under_test.made(under_test.case.hanging) as source:
            _gives_up(under_test, source, SHORT)


def _gives_up(under_test: SourceUnderTest, source: CatalogueSource, seconds: float) -> None:
    came: Future[str] = Future()

    def ask() -> None:
        try:
            under_test.ask(source, seconds=seconds)
        except CatalogueError as error:
            came.set_result("" if error.kind == "late" else f"its time was over, and it says that it is {error.kind}")
        except BaseException as error:  # noqa: BLE001 — it breaks the contract, and is raised where it is waited for
            came.set_exception(error)
        else:
            came.set_result(f"it was given {seconds:g} s, and answers as if it had had more")

    Thread(target=ask, daemon=True).start()  # no pool: one that hangs would keep this process from ending
    try:
        wrong = came.result(GIVE_UP)
    except StillRunningError:
        raise BrokenContractError(f"it was given {seconds:g} s, and after {GIVE_UP:g} s it has not given up") from None
    require(not wrong, wrong)


def threads_share_it(under_test: SourceUnderTest) -> None:
    """Carts come side by side: each gets what it asked for."""
    known = under_test.case.known
    with under_test.made(under_test.case.settings) as source, ThreadPoolExecutor(THREADS) as pool:
        wanted = [[sku] if source.by_key else list(known) for _ in range(THREADS) for sku in known]
        answers = list(pool.map(lambda skus: _answered(under_test, source, skus), wanted))
    for skus, answer in zip(wanted, answers, strict=True):
        require(sorted(sku for sku, _ in answer) == sorted(skus), "side by side, a cart got what another asked for")


def closing_it_twice_is_harmless(under_test: SourceUnderTest) -> None:
    """A store that is exchanged closes its source, and one that ends closes it again."""
    with under_test.made(under_test.case.settings) as source:
        _answered(under_test, source)
        try:
            source.close()
            source.close()
        except Exception as error:
            raise BrokenContractError(f"{type(error).__name__} escaped when it was closed: {error}") from error


def it_reads_no_clock(under_test: SourceUnderTest) -> None:
    """When rows are read and for how long they count is the store's affair; time left is told by the deadline."""
    _abstains(under_test, purity.CLOCK, "a source knows how much time is left from its deadline")


def it_reads_no_environment(under_test: SourceUnderTest) -> None:
    """Everything comes from the settings: two stores in one process have a source each."""
    _abstains(under_test, purity.ENVIRONMENT, "a source knows what its settings say")


def _abstains(under_test: SourceUnderTest, forbidden: tuple[str, ...], why: str) -> None:
    require_none(purity.uses_in_source(under_test.plugin, forbidden), why)
    with purity.observed_uses(under_test.plugin) as seen:
        _known(under_test)
    require_none(seen[forbidden], why)
