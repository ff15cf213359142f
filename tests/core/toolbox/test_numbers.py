"""The numbers that calls go by."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo

from portes.toolbox import StoreFacts, tools_for
from portes.toolbox.numbers import LAST, Numbers


def test_no_two_calls_go_by_the_same_numbers_whatever_threads_ask() -> None:
    tools = tools_for(StoreFacts("loja", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", Path()), "correios")
    with ThreadPoolExecutor(8) as pool:
        taken = [number for some in pool.map(lambda _: tools.numbers(3), range(500)) for number in some]

    assert len(set(taken)) == 1500
    assert {len(number) for number in taken} == {5}


def test_numbers_begin_anew_after_the_last_and_have_five_digits_all_the_same() -> None:
    numbers = Numbers(LAST - 1)

    assert [numbers(2), numbers(2), numbers(0)] == [("99998", "99999"), ("10000", "10001"), ()]
    assert Numbers(LAST)(3) == ("99999", "10000", "10001")


def test_two_processes_begin_in_different_places() -> None:
    assert len({Numbers()(1) for _ in range(20)}) > 1
