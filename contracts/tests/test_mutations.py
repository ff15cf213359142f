"""Each mutation changes what it says and leaves the rest."""

import gzip
import json

import pytest

from portes.toolbox import HttpResponse
from portes_testing.faults import mutations
from portes_testing.faults.table import FAULTS, Fault, fault

ENTRIES = [{"service": "STD", "price": "1.00"}, {"service": "EXP", "price": "2.00", "late": False, "days": 3}]
ANSWER = HttpResponse(
    200, {"Content-Type": "application/json", "Content-Length": "99"}, json.dumps({"q": ENTRIES}).encode()
)
CODES = ("STD", "EXP")


def body_of(mutant: mutations.Mutant | None) -> object:
    assert mutant is not None
    return json.loads(mutant.reply.body)


def test_a_missing_entry_is_the_first_of_the_outermost_list_and_names_its_service() -> None:
    mutant = mutations.missing_entry(ANSWER, CODES)

    assert body_of(mutant) == {"q": ENTRIES[1:]}
    assert mutant is not None
    assert mutant.touched == ["STD"]


def test_a_doubled_entry_stands_at_the_end_again() -> None:
    mutant = mutations.duplicate_entry(ANSWER, CODES)

    assert body_of(mutant) == {"q": [*ENTRIES, ENTRIES[0]]}
    assert mutant is not None
    assert mutant.touched == ["STD"]


def test_an_entry_without_a_service_touches_one_that_cannot_be_named() -> None:
    mutant = mutations.missing_entry(HttpResponse(200, {}, b'[{"number":"1"},{"number":"2"}]'), CODES)

    assert mutant is not None
    assert mutant.touched == []


def test_a_foreign_service_takes_the_place_of_one() -> None:
    mutant = mutations.foreign_service(ANSWER, CODES)

    assert body_of(mutant) == {"q": [{"service": mutations.FOREIGN, "price": "1.00"}, ENTRIES[1]]}
    assert mutant is not None
    assert mutant.touched == ("STD",)


@pytest.mark.parametrize("body", [b"", b"<html>", b"7", b'{"a":1}', b"[]", b"[1,2]"])
def test_where_there_is_no_entry_there_is_none_to_lose(body: bytes) -> None:
    answer = HttpResponse(200, {}, body)

    assert mutations.missing_entry(answer, CODES) is None
    assert mutations.duplicate_entry(answer, CODES) is None
    assert mutations.foreign_service(answer, CODES) is None


def test_every_value_gets_a_type_it_should_not_have() -> None:
    assert body_of(mutations.wrong_types(ANSWER, CODES)) == {
        "q": [
            {"service": ["STD"], "price": ["1.00"]},
            {"service": ["EXP"], "price": ["2.00"], "late": None, "days": {"value": 3}},
        ]
    }


def test_lists_become_objects_and_objects_lists() -> None:
    assert body_of(mutations.other_shape(ANSWER, CODES)) == [["status", "ok"]]
    assert body_of(mutations.other_shape(HttpResponse(200, {}, b"[]"), CODES)) == {"status": "ok"}


def test_a_truncated_body_is_half_of_it_and_an_empty_one_nothing() -> None:
    truncated, empty = mutations.truncated(ANSWER, CODES), mutations.empty(ANSWER, CODES)

    assert truncated is not None
    assert truncated.reply.body == ANSWER.body[: len(ANSWER.body) // 2]
    assert empty is not None
    assert (empty.reply.status, empty.reply.body) == (200, b"")


def test_a_huge_answer_is_small_on_the_wire_and_still_right_at_its_end() -> None:
    mutant = mutations.huge(ANSWER, CODES)

    assert mutant is not None
    assert len(mutant.reply.body) < 1_000_000
    assert mutant.reply.headers["Content-Encoding"] == "gzip"
    body = gzip.decompress(mutant.reply.body)
    assert len(body) == mutations.HUGE + len(ANSWER.body)
    assert body.endswith(ANSWER.body)


def test_the_length_is_counted_anew() -> None:
    mutant = mutations.truncated(ANSWER, CODES)

    assert mutant is not None
    assert "Content-Length" not in mutant.reply.headers


def test_the_table_of_faults_has_each_name_once() -> None:
    assert len({each.name for each in FAULTS}) == len(FAULTS) == 24
    assert fault("hang").waits


@pytest.mark.parametrize("each", FAULTS, ids=lambda each: each.name)
def test_a_fault_done_to_an_answer_changes_it(each: Fault) -> None:
    mutant = each.done_to(ANSWER, CODES)

    untouched = mutations.replied(ANSWER)
    assert mutant is not None
    assert mutant.reply != untouched
