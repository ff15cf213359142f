"""Which receipts of a time count, what is drawn out of them, and which side of a report tells what."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import orjson
from drifting import ALL, ENVIRON, NORMAL, PricedRow, ask, asked, checked, table_of, terms, write_shop
from shop import item

from portes.cli.render.drift import drift_lines
from portes.contingency.drift.compare import LaneComparer
from portes.contingency.drift.measure import (
    BY_HAND,
    CheckedTable,
    Found,
    FreshRead,
    ReceiptsRead,
    ask_again,
    ask_lanes,
    lanes_of_table,
    read_receipts,
)
from portes.contingency.drift.sample import Reservoir
from portes.contingency.drift.taken import TakenCounts, TakenTally
from portes.contingency.goods import Goods
from portes.contingency.recipe import CHANNEL
from portes.receipts.codec import Entry
from portes.receipts.database import FILE_NAME, Page, ReceiptDatabase
from portes.receipts.offers import UNSERVED, OfferedLane
from portes.store import open_store


def comparer(table: CheckedTable, *lanes: tuple[str, int]) -> LaneComparer:
    """What came of lanes by postal code and live price."""
    made = LaneComparer(table.prices, 0)
    made.compare([OfferedLane("BR", code, "", "normal", live, "BRL", 400, 0, None, 1) for code, live in lanes])
    return made


def found(table: CheckedTable, receipts: LaneComparer, fresh: LaneComparer) -> Found:
    taken = TakenTally({}, {"netshoes": TakenCounts(answers=10, taken=5)})
    return Found(table, terms("shop"), ReceiptsRead(receipts, taken, Reservoir(0)), FreshRead(fresh))


def test_receipts_on_a_page_that_lie_outside_the_time_or_cannot_be_read_are_not_compared(tmp_path: Path) -> None:
    ask(write_shop(tmp_path, NORMAL), asked())
    now = datetime.now(UTC)
    with closing(ReceiptDatabase(tmp_path / "state" / FILE_NAME)) as database:
        (line,) = database.lines(tmp_path.name, 0, int(now.timestamp() * 1000))
    moments = [now - timedelta(seconds=20), now - timedelta(seconds=10), now + timedelta(seconds=10)]
    kept = [orjson.dumps({**orjson.loads(line), "moment": moment.isoformat()}) for moment in moments]
    entries = [Entry(str(number), "", now, text) for number, text in enumerate([*kept, b"{}"])]
    other = tmp_path / "other.sqlite"
    with closing(ReceiptDatabase(other)) as database:
        entries[0] = entries[0]._replace(moment=moments[0])
        database.write([Page("shop", 30, {}, entries)])
    held = terms("shop")._replace(since=now - timedelta(seconds=15), now=now)

    read = read_receipts(other, checked(table_of(tmp_path, NORMAL)), held, lambda _moment: None)

    assert (read.count, read.unreadable) == (1, 1)


def test_only_questions_that_were_offered_something_are_drawn(tmp_path: Path) -> None:
    ask(write_shop(tmp_path, NORMAL), asked(), asked(item(weight=40_000)))
    held = checked(table_of(tmp_path, NORMAL))

    read = read_receipts(tmp_path / "state" / FILE_NAME, held, terms(tmp_path.name, draw=9), lambda _moment: None)

    assert (read.count, [one["lines"][0]["weight"] for one in read.drawn.drawn]) == (2, [500])


def test_the_areas_that_lose_most_are_told_first(tmp_path: Path) -> None:
    table = checked(table_of(tmp_path, NORMAL))
    lanes = comparer(table, ("20040002", 2100), ("01310100", 2300), ("30130000", 1000))

    told = found(table, lanes, comparer(table)).report()

    assert [(area.state, area.figures.loss, area.figures.excess) for area in told.drifted] == [
        ("SP", 300, 0),
        ("RJ", 100, 0),
        ("MG", 0, 1000),
    ]


def test_an_area_that_both_know_is_told_by_the_fresh_sample(tmp_path: Path) -> None:
    table = checked(table_of(tmp_path, NORMAL))

    told = found(table, comparer(table, ("20040002", 2100)), comparer(table, ("20040002", 2500))).report()

    assert [area.figures.loss for area in told.drifted] == [500]


def test_what_a_thousand_questions_cost_is_the_fresh_sample_s_where_receipts_tell_no_price(tmp_path: Path) -> None:
    table = checked(table_of(tmp_path, NORMAL))

    fresh = found(table, comparer(table), comparer(table, ("20040002", 2100))).report()
    both = found(table, comparer(table, ("20040002", 2300)), comparer(table, ("20040002", 2100))).report()

    assert [share.cost_per_thousand for share in (*fresh.taken, *both.taken)] == [50_000, 150_000]


def test_questions_that_cannot_be_asked_any_more_are_counted_and_the_others_asked(tmp_path: Path) -> None:
    file = write_shop(tmp_path, NORMAL)
    held, given = checked(table_of(tmp_path, NORMAL)), terms(tmp_path.name)
    good = asked().model_dump(mode="json")
    elsewhere = asked(to="28001", country="ES").model_dump(mode="json")

    with open_store(file, environ=ENVIRON) as store:
        fresh = ask_again([{"lines": []}, good, elsewhere, good], held, store.quoter.policy, given, lambda: None)
    told = Found(held, given, ReceiptsRead(comparer(held), TakenTally({}), Reservoir(0)), fresh).report()

    assert (told.unasked, fresh.comparer.comparisons.total().compared) == (2, 2)
    assert "  2 questions of the sample cannot be asked any more" in [*drift_lines(told)]


def test_a_question_that_is_offered_nothing_now_is_left_out_of_the_fresh_sample_and_told(tmp_path: Path) -> None:
    file = write_shop(tmp_path, NORMAL)
    held, given = checked(table_of(tmp_path, NORMAL)), terms(tmp_path.name)
    questions = [one.model_dump(mode="json") for one in (asked(), asked(item(weight=40_000)))]

    with open_store(file, environ=ENVIRON) as store:
        fresh = ask_again(questions, held, store.quoter.policy, given, lambda: None)
    told = Found(held, given, ReceiptsRead(comparer(held), TakenTally({}), Reservoir(0)), fresh).report().against_fresh

    assert told is not None
    assert (told.total.compared, told.left_out) == (1, {UNSERVED: 1})


def test_a_receipt_of_the_very_moment_counts_and_is_no_older_than_the_table_of_that_moment(tmp_path: Path) -> None:
    ask(write_shop(tmp_path, NORMAL), asked())
    path, given = tmp_path / "state" / FILE_NAME, terms(tmp_path.name)
    with closing(ReceiptDatabase(path)) as database:
        (line,) = database.lines(tmp_path.name, 0, int(given.now.timestamp() * 1000))
    moment = datetime.fromisoformat(orjson.loads(line)["moment"])
    held = checked(table_of(tmp_path, NORMAL))._replace(oldest=moment)
    told: list[datetime] = []

    read = read_receipts(path, held, given._replace(since=moment), told.append)

    assert (read.count, read.older) == (1, 0)
    assert told == [given.now], "few receipts are told of once, at their end"


def test_a_fresh_price_within_the_tolerance_is_not_too_far_off(tmp_path: Path) -> None:
    file = write_shop(tmp_path, NORMAL)
    held, question = (
        checked(table_of(tmp_path, [("normal", *ALL, 0, 30_000, "19,90")])),
        asked().model_dump(mode="json"),
    )

    with open_store(file, environ=ENVIRON) as store:
        policy = store.quoter.policy
        wide, narrow = (
            ask_again([question], held, policy, terms(tmp_path.name, tolerance=percent), lambda: None)
            for percent in ("0.5", "0.4")
        )

    assert [one.comparer.comparisons.total().cheaper for one in (wide, narrow)] == [0, 1]


def test_lanes_are_drawn_from_every_row_that_has_a_price_and_from_no_other(tmp_path: Path) -> None:
    rows: list[PricedRow] = [
        ("normal", "10000000", "10000000", 0, 30_000, "10,00"),
        ("normal", "20000000", "20000000", 0, 30_000, "20,00"),
        ("normal", "30000000", "30000000", 0, 30_000, "sob consulta"),
        ("normal", "40000000", "40000000", 0, 30_000, "0,00"),
    ]

    lanes = lanes_of_table(checked(table_of(tmp_path, rows, zero_price="free")), 12)

    assert {lane.postal_code for lane in lanes} == {"10000000", "20000000", "40000000"}


def test_the_report_tells_which_table_it_was_by_what_it_was_billed_and_what_could_not_be_read(tmp_path: Path) -> None:
    table = checked(table_of(tmp_path, NORMAL), factor=167)
    receipts = ReceiptsRead(comparer(table), TakenTally({}), Reservoir(0), unreadable=3)

    told = Found(table, terms("shop"), receipts).report()

    assert (told.cubic_factor, told.unreadable) == (Decimal(167), 3)
    assert told.fingerprint == table.prices.table.fingerprint != ""


def test_what_a_build_asked_is_no_marketplace_s_question(tmp_path: Path) -> None:
    ask(write_shop(tmp_path, NORMAL), asked(channel=CHANNEL))
    held = checked(table_of(tmp_path, NORMAL))

    read = read_receipts(tmp_path / "state" / FILE_NAME, held, terms(tmp_path.name), lambda _moment: None)

    assert read.comparer.comparisons.left_out == {BY_HAND: 1}


def test_the_report_tells_the_tolerance_and_the_quotes_without_a_reply(tmp_path: Path) -> None:
    held = checked(table_of(tmp_path, NORMAL))
    read = ReceiptsRead(comparer(held), TakenTally({}, unreplied=3), Reservoir(0))

    told = Found(held, terms("shop", tolerance="2"), read).report()

    assert (int(told.tolerance), told.unreplied) == (2, 3)


def test_lanes_are_asked_for_goods_as_light_as_those_of_the_table(tmp_path: Path) -> None:
    file = write_shop(tmp_path, NORMAL)
    held = checked(table_of(tmp_path, [("normal", *ALL, 399, 400, "20,00")]), 200)._replace(goods=Goods(100_000))

    with open_store(file, environ=ENVIRON) as store:
        fresh = ask_lanes(lanes_of_table(held, 1), held, store.quoter.policy, terms(tmp_path.name), lambda: None)

    assert [key.bracket for key in fresh.comparer.comparisons.tallies] == [1], "400 g are billed as some 800 g"
