"""A store whose catalogue is a database, from its file to its quotes; SQLite, real files."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from shop import FrozenClock, item, request
from sku_shop import BY_KEY, GOODS, WHOLE, bare, fill, opened, write_shop

from portes.carrier import Deadline
from portes.catalogue import CatalogueFacts
from portes.catalogue.sources.sql import SqlSettings, SqlSource
from portes.contract import FailureKind, LineCode, Quote, RefusalKind, Verdict
from portes.errors import CatalogueError, SettingsError
from portes.store import check_store

EACH = pytest.mark.parametrize("catalogue", [WHOLE, BY_KEY], ids=["whole", "by key"])


def prices(quote: Quote) -> list[list[int]]:
    return [[offer.price.minor for offer in line.offers] for line in quote.lines]


def failures(quote: Quote, line: int = 0) -> set[tuple[FailureKind, str]]:
    return {(one.failure.kind, one.failure.code) for one in quote.lines[line].failures}


def source(folder: Path, query: str, **more: Any) -> SqlSource:
    settings = SqlSettings.model_validate(
        {"use": "sql", "url": f"sqlite:///{folder / 'skus.db'}", "query": query, **more}
    )
    return SqlSource(settings, CatalogueFacts("shop", "BRL", folder))


@EACH
def test_a_database_tells_what_the_caller_leaves_out(tmp_path: Path, catalogue: str) -> None:
    fill(tmp_path / "skus.db", GOODS)
    with opened(write_shop(tmp_path, catalogue)) as store:
        assert prices(store.quote(bare("light", "heavy"))) == [[1000], [2000]]
        assert prices(asyncio.run(store.aquote(bare("light", "heavy")))) == [[1000], [2000]]


@EACH
def test_goods_are_told_to_whoever_tells_prices_and_stock(tmp_path: Path, catalogue: str) -> None:
    fill(tmp_path / "skus.db", GOODS)
    with opened(write_shop(tmp_path, catalogue)) as store:
        found, same = store.goods(["light", "none"]), asyncio.run(store.agoods(["light", "none"]))

    assert found == same
    assert [(sku, str(entry.price)) for sku, entry in found.entries.items()] == [("light", "19.90 BRL")]
    assert (found.failed, found.failure) == (frozenset(), "")


def test_a_store_without_a_catalogue_knows_no_goods(tmp_path: Path) -> None:
    with opened(write_shop(tmp_path, "")) as store:
        assert not store.goods(["light"]).entries
        assert not asyncio.run(store.agoods(["light"])).entries


@EACH
@pytest.mark.parametrize(("unknown_sku", "verdict"), [("refuse", Verdict.NOT_SERVED), ("unknown", Verdict.UNKNOWN)])
def test_a_sku_that_the_database_lacks_is_as_the_store_decided(
    tmp_path: Path, catalogue: str, unknown_sku: str, verdict: Verdict
) -> None:
    fill(tmp_path / "skus.db", GOODS)
    with opened(write_shop(tmp_path, catalogue, store=f'unknown_sku = "{unknown_sku}"')) as store:
        quote = store.quote(request(item("none")))

    assert (quote.verdict, quote.lines[0].code) == (verdict, LineCode.UNKNOWN_SKU)


@EACH
def test_a_sku_that_nobody_measured_is_a_gap_of_ours(tmp_path: Path, catalogue: str) -> None:
    fill(tmp_path / "skus.db", {"light": None})
    with opened(write_shop(tmp_path, catalogue)) as store:
        quote = store.quote(bare("light", "none"))

    assert quote.verdict is Verdict.UNKNOWN
    assert [line.code for line in quote.lines] == [LineCode.UNMEASURED_SKU, LineCode.UNKNOWN_SKU]


@EACH
def test_a_row_that_cannot_be_used_is_a_gap_also_for_a_line_that_tells_all(tmp_path: Path, catalogue: str) -> None:
    fill(tmp_path / "skus.db", {"light": 500}, price="soon")
    with opened(write_shop(tmp_path, catalogue)) as store:
        quote = store.quote(request(item("light")))

    assert failures(quote) == {(FailureKind.INCOMPLETE, "unusable_row")}
    assert "price: " in quote.lines[0].failures[0].failure.hint


@EACH
def test_a_database_that_is_down_is_a_failure_and_the_store_starts(tmp_path: Path, catalogue: str) -> None:
    (tmp_path / "skus.db").write_text("this is no database, but something else that stands in its place")
    with opened(write_shop(tmp_path, catalogue)) as store:
        quote = store.quote(request(item("light")))
        found = store.goods(["light"])

    assert (quote.verdict, quote.lines[0].code) == (Verdict.UNKNOWN, LineCode.CATALOGUE_FAILED)
    assert failures(quote) == {(FailureKind.UNREACHABLE, "catalogue_failed")}
    assert "catalogue" in quote.lines[0].failures[0].failure.hint
    assert found.failed == {"light"}
    assert "no database" not in found.failure


def test_what_was_read_answers_after_a_restart_without_the_database(tmp_path: Path) -> None:
    fill(tmp_path / "skus.db", GOODS)
    file = write_shop(tmp_path)
    opened(file).close()
    (tmp_path / "skus.db").unlink()
    with opened(file) as store:
        assert prices(store.quote(bare("heavy"))) == [[2000]]


def test_without_a_state_folder_the_rows_are_in_memory(tmp_path: Path) -> None:
    fill(tmp_path / "skus.db", GOODS)
    with opened(write_shop(tmp_path, service="")) as store:
        assert prices(store.quote(bare("heavy"))) == [[2000]]
    assert not (tmp_path / "catalogue").exists()


def test_other_lines_are_not_asked_about_while_the_catalogue_is_silent_about_one(tmp_path: Path) -> None:
    fill(tmp_path / "skus.db", GOODS)
    clock = FrozenClock()
    with opened(write_shop(tmp_path, BY_KEY), clock=clock) as store:
        store.quote(bare("light"))
        with closing(sqlite3.connect(tmp_path / "skus.db")) as connection:
            connection.execute("drop table skus")
        quote = store.quote(bare("light", "heavy"))

    assert [line.code for line in quote.lines] == [None, LineCode.CATALOGUE_FAILED]
    assert failures(quote) == {(FailureKind.INCOMPLETE, "")}
    assert prices(quote) == [[], []]


def test_no_stock_and_no_such_sku_are_told_apart_by_a_code(tmp_path: Path) -> None:
    (tmp_path / "skus.csv").write_text("sku,origins,weight,size\nlight,1:1,500g,10x10x25cm\n", encoding="utf-8")
    short = 'catalogue = "skus.csv"\nunknown_sku = "refuse"'
    with opened(write_shop(tmp_path, "", store=short)) as store:
        quote = store.quote(request(item("light", 2), item("none")))

    assert [line.code for line in quote.lines] == [LineCode.OUT_OF_STOCK, LineCode.UNKNOWN_SKU]
    assert {one.refusal.kind for line in quote.lines for one in line.refusals} == {RefusalKind.OTHER}


def test_a_line_that_somebody_was_asked_about_has_no_code(tmp_path: Path) -> None:
    fill(tmp_path / "skus.db", {"huge": 90_000})
    with opened(write_shop(tmp_path)) as store:
        quote = store.quote(bare("huge"))

    assert quote.lines[0].refusals
    assert quote.lines[0].code is None


@pytest.mark.parametrize(
    ("keys", "place", "words"),
    [
        ('url = "sqlite:///skus.db"\nquery = "select 1"', "catalogue.url", "secret"),
        ('url = "${NONE}"\nquery = "select 1"', "catalogue.url", "NONE"),
        ('url = "${STRANGE}"\nquery = "select 1"', "catalogue.url", "kind of database"),
        ('url = "${WRONG}"\nquery = "select 1"', "catalogue.url", "no address"),
        ('url = "${MISSING}"\nquery = "select 1"', "catalogue.url", "not installed"),
        ('url = "${DATABASE}"', "catalogue.query", "missing"),
        ('url = "${DATABASE}"\nquery = "select :what"', "catalogue.query", "nobody gives"),
        ('url = "${DATABASE}"\nquery = "select 1"\nrefesh = "1m"', "catalogue.refesh", "refresh"),
        ('url = "${DATABASE}"\nquery = "select 1"\nrefresh = 5', "catalogue.refresh", "duration"),
    ],
)
def test_a_mistake_in_the_table_keeps_the_store_from_starting(
    tmp_path: Path, keys: str, place: str, words: str
) -> None:
    environ = {
        "DATABASE": f"sqlite:///{tmp_path / 'skus.db'}",
        "STRANGE": "dbase://canary-4711@host/skus",
        "WRONG": "canary-4711 and no address",
        "MISSING": "postgresql+pg8000://user:canary-4711@host/skus",
    }
    file = write_shop(tmp_path, f'[catalogue]\nuse = "sql"\n{keys}')

    problems = check_store(file, environ=environ)
    assert [problem.where for problem in problems] == [place]
    assert words in str(problems[0])
    assert "canary-4711" not in str(problems[0])


def test_a_check_asks_no_database_and_writes_nothing(tmp_path: Path) -> None:
    file = write_shop(tmp_path)

    assert check_store(file, environ={"DATABASE": f"sqlite:///{tmp_path / 'skus.db'}"}) == []
    assert {path.name for path in tmp_path.iterdir()} == {"portes.toml", "table.csv"}


@pytest.mark.parametrize(
    ("catalogue", "store", "place", "words"),
    [
        ("[catalogue]\n", "", "catalogue.use", "write one of file, sql"),
        ('[catalogue]\nuse = "sqll"\n', "", "catalogue.use", "did you mean sql"),
        ('[catalogue]\nuse = "file"\npath = "a.csv"\n', 'catalogue = "a.csv"', "store.catalogue", "one catalogue"),
        (
            '[catalogue]\nuse = "file"\npath = "a.csv"\n',
            'catalogue_decimal = "."',
            "store.catalogue_decimal",
            "decimal",
        ),
        ('[catalogue]\nuse = "file"\n', "", "catalogue.path", "missing"),
        ("[[catalogue]]\n", "", "catalogue", "[catalogue]"),
    ],
)
def test_a_store_has_one_catalogue_that_says_what_it_is(
    tmp_path: Path, catalogue: str, store: str, place: str, words: str
) -> None:
    (tmp_path / "a.csv").write_text("sku\na\n")

    problems = check_store(write_shop(tmp_path, catalogue, store=store), environ={})
    assert [problem.where for problem in problems] == [place]
    assert words in str(problems[0])


def test_a_catalogue_above_all_tables_is_told_where_it_belongs(tmp_path: Path) -> None:
    file = write_shop(tmp_path, "")
    file.write_text('catalogue = "skus.csv"\n' + file.read_text())

    (problem,) = check_store(file, environ={})
    assert (problem.where, problem.fix) == ("catalogue", "write it below the heading [store]")


def test_the_long_form_of_a_file_is_the_short_one(tmp_path: Path) -> None:
    (tmp_path / "skus.csv").write_text("sku;price;weight\nlight;1.290;500g\n", encoding="utf-8")
    short = write_shop(tmp_path, "", store='catalogue = "skus.csv"\ncatalogue_decimal = ","')
    with opened(short) as store:
        before, version = store.goods(["light"]), store.versions["catalogue"]
    long = write_shop(tmp_path, '[catalogue]\nuse = "file"\npath = "skus.csv"\ndecimal = ","')
    with opened(long) as store:
        assert store.goods(["light"]) == before
        assert store.versions["catalogue"] == version
    assert str(before.entries["light"].price) == "1290.00 BRL"


def test_a_doubtful_amount_is_told_by_the_key_that_settles_it(tmp_path: Path) -> None:
    (tmp_path / "skus.csv").write_text("sku;price\nlight;1.290\n", encoding="utf-8")
    short = write_shop(tmp_path, "", store='catalogue = "skus.csv"')
    assert "catalogue_decimal = " in str(check_store(short, environ={})[0])
    long = write_shop(tmp_path, '[catalogue]\nuse = "file"\npath = "skus.csv"')
    told = str(check_store(long, environ={})[0])

    assert 'decimal = ","' in told
    assert "catalogue_decimal" not in told


def test_a_file_with_a_refresh_is_read_again_behind_the_answers(tmp_path: Path) -> None:
    (tmp_path / "skus.csv").write_text("sku,weight,size\nlight,500g,10x10x10cm\n", encoding="utf-8")
    file = write_shop(tmp_path, '[catalogue]\nuse = "file"\npath = "skus.csv"\nrefresh = "1m"')
    clock = FrozenClock()
    with opened(file, clock=clock) as store:
        assert prices(store.quote(bare("light"))) == [[1000]]
        (tmp_path / "skus.csv").write_text("sku,weight,size\nlight,5kg,10x10x10cm\n", encoding="utf-8")
        clock.seconds += 60
        clock.moment += clock.moment.resolution * 60_000_000
        catalogue: Any = store.quoter.policy.catalogue
        catalogue.look()
        assert prices(store.quote(bare("light"))) == [[2000]]


def test_a_file_with_a_refresh_and_a_mistake_keeps_the_store_from_starting(tmp_path: Path) -> None:
    (tmp_path / "skus.csv").write_text("sku,weight\nlight,500\n", encoding="utf-8")
    file = write_shop(tmp_path, '[catalogue]\nuse = "file"\npath = "skus.csv"\nrefresh = "1m"')

    with pytest.raises(SettingsError, match="weight"):
        opened(file)


def test_a_query_with_keys_gives_only_what_was_asked_for(tmp_path: Path) -> None:
    fill(tmp_path / "skus.db", GOODS)
    found = source(tmp_path, "select sku, weight_g from skus where sku in :skus")

    assert found.by_key
    assert [dict(row) for row in found.fetch(["heavy", "none", "a'b"], Deadline(60))] == [
        {"sku": "heavy", "weight_g": 5000}
    ]


def test_a_cast_is_no_key_and_an_escaped_colon_is_a_colon(tmp_path: Path) -> None:
    fill(tmp_path / "skus.db", GOODS)
    found = source(tmp_path, r"select sku, '\:skus' as tags from skus where weight_g > 1000")

    assert not found.by_key
    assert [dict(row) for row in found.rows(Deadline(60))] == [{"sku": "heavy", "tags": ":skus"}]


def test_a_query_that_takes_too_long_is_given_up_and_late(tmp_path: Path) -> None:
    forever = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) as sku from n"
    fill(tmp_path / "skus.db", GOODS)

    with pytest.raises(CatalogueError) as raised:
        list(source(tmp_path, forever).rows(Deadline(0.05)))
    assert raised.value.kind == "late"


@pytest.mark.parametrize(("query", "kind"), [("select nothing from skus", "unreachable"), ("selec sku", "unreachable")])
def test_what_a_database_says_of_a_query_stays_with_it(tmp_path: Path, query: str, kind: str) -> None:
    fill(tmp_path / "skus.db", GOODS)

    with pytest.raises(CatalogueError) as raised:
        list(source(tmp_path, query).rows(Deadline(60)))
    assert raised.value.kind == kind
    assert "skus" not in raised.value.hint
    assert "OperationalError" in raised.value.hint


def test_a_locked_database_is_unreachable_and_answers_again(tmp_path: Path) -> None:
    fill(tmp_path / "skus.db", GOODS)
    found = source(tmp_path, "select sku, weight_g from skus")
    with closing(sqlite3.connect(tmp_path / "skus.db", timeout=0, isolation_level=None)) as other:
        other.execute("begin exclusive")
        with pytest.raises(CatalogueError):
            list(found.rows(Deadline(0.2)))
        other.execute("rollback")

    assert len(list(found.rows(Deadline(60)))) == 2
