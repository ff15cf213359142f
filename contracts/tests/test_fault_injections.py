"""Which faults are done to which recorded answers, and which of them repeat another."""

from collections import Counter

from gallery.case import CASE

from portes_testing import Case, read_cassette
from portes_testing.checks.faults import FaultInjection, fault_injections


def first(case: Case) -> list[FaultInjection]:
    return [each for each in fault_injections(case) if not each.repeats]


def test_each_kind_of_answer_gets_each_fault_exactly_once_without_repetitions() -> None:
    every = {each.kind for each in fault_injections(CASE)}

    assert Counter(each.kind for each in first(CASE)) == dict.fromkeys(every, 1)


def test_a_fault_of_the_connection_is_done_once_to_each_path_and_class_of_status() -> None:
    hanging = [each for each in first(CASE) if each.fault.name == "hang"]

    assert [(each.exchange.request.path, each.exchange.response.status) for each in hanging] == [
        ("/v2/token", 201),
        ("/v2/quotes", 200),
    ]


def test_a_fault_of_the_body_is_done_once_to_each_structure_of_an_answer() -> None:
    cut = [each for each in first(CASE) if each.fault.name == "truncated"]

    assert [each.scenario.name for each in cut] == ["served", "served", "unserved", "no_express_on_this_lane"]


def test_nothing_is_lost_among_the_repetitions() -> None:
    assert CASE.cassettes is not None
    answers = {
        (exchange.request.question, exchange.response.body)
        for path in CASE.cassettes.glob("*.yaml")
        for exchange in read_cassette(path)
    }

    hit = {
        (each.exchange.request.question, each.exchange.response.body)
        for each in fault_injections(CASE)
        if each.fault.name == "hang"
    }

    assert hit == answers
