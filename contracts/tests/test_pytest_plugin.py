"""The kit outside this repository: a folder of its own, a few lines, plain pytest."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
HEAD = """
from gallery.flat import FLAT
from portes_testing import CarrierContract, replaces


class TestFlat(CarrierContract):
    case = FLAT
"""
NOT_INSTALLED = '    exempt = {"test_it_is_found_by_its_entry_point": "it is not installed"}\n'

OURS_ALONE = ("schemathesis", "hypothesispytest", "pytest_httpserver", "pytest_cov", "anyio", "time_machine")
WITHOUT_THEM = [word for name in OURS_ALONE for word in ("-p", f"no:{name}")]  # they take seconds to load

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """pytest in a folder of its own, on this text."""

    def started(text: str, *words: str) -> tuple[int, str]:
        (tmp_path / "test_contract.py").write_text(text)
        (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
        path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(TESTS), str(TESTS / "installed")])
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *WITHOUT_THEM, "-v", *words]
        done = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return started


def test_three_lines_give_a_plugin_the_whole_suite_and_nothing_is_skipped(run: Run) -> None:
    code, told = run(HEAD + NOT_INSTALLED)

    assert code == 0, told
    assert "test_money_days_and_units_are_sane PASSED" in told
    assert "test_a_scenario_ends_as_declared[served] PASSED" in told
    assert "test_a_fault_is_told_as_what_it_is[nothing] PASSED" in told
    assert "1 xfailed" in told
    assert "skipped" not in told


CHANNEL = """
from gallery.till.case import till_case
from portes_testing import ChannelContract


class TestTill(ChannelContract):
    case = till_case("till")
"""


@pytest.mark.exhaustive  # the gallery's channel passes the suite in this process as well
def test_three_lines_give_a_channel_the_quick_suite_and_nothing_is_skipped(run: Run) -> None:
    code, told = run(CHANNEL, "-m", "not exhaustive")

    assert code == 0, told
    assert "test_a_served_quote_is_read_back PASSED" in told
    assert "3 deselected" in told
    assert "skipped" not in told


def test_an_exemption_that_is_no_longer_needed_fails_the_run(run: Run) -> None:
    exempt = {"test_served_is_rated": "it used to fail", "test_a_scenario_ends_as_declared[served]": "this one, too"}

    code, told = run(f"{HEAD}    exempt = {exempt}\n", "-k", "test_served_is_rated or ends_as_declared")

    assert code == 1
    assert "[XPASS(strict)] it used to fail" in told
    assert "[XPASS(strict)] this one, too" in told


def test_a_test_replaced_without_a_reason_stops_the_run_before_it_starts(run: Run) -> None:
    code, told = run(HEAD + "    def test_served_is_rated(self):\n        pass\n")

    assert code == 2
    assert "mark it with @replaces('why')" in told


FAULTS = ("--collect-only", "-q", "-k", "test_a_fault_is_told")
PARCELPOST = """
from gallery.case import CASE
from portes_testing import CarrierContract


class TestParcelpost(CarrierContract):
    case = CASE
"""


def test_each_kind_of_recorded_answer_gets_each_fault_once(run: Run) -> None:
    code, told = run(PARCELPOST, *FAULTS)

    assert code == 0, told
    assert "[served-1-POST-v2-token-unauthorized_always]" in told
    assert "[served-2-POST-v2-quotes-missing_entry]" in told
    assert "[served-1-POST-v2-token-missing_entry]" not in told
    assert "[several-2-POST-v2-quotes-missing_entry]" not in told


@pytest.mark.exhaustive  # the test above, with the other choice
def test_every_recorded_answer_gets_each_fault_when_all_are_asked_for(run: Run) -> None:
    code, repetitions = run(PARCELPOST, *FAULTS, "-o", "portes_faults=all", "-m", "exhaustive")

    assert code == 0, repetitions
    assert "[several-2-POST-v2-quotes-missing_entry]" in repetitions
    assert "[served-2-POST-v2-quotes-missing_entry]" not in repetitions


def test_a_choice_of_faults_that_nobody_knows_is_refused(run: Run) -> None:
    code, told = run(HEAD, "-o", "portes_faults=some")

    assert code == 4
    assert "portes_faults is 'some'; write distinct or all" in told


def test_a_run_without_a_carrier_does_not_load_the_kit(run: Run) -> None:
    code, told = run(
        "import sys\n"
        "class TestNothing:\n"
        "    def test_it_is_not_loaded(self):\n"
        '        assert "portes_testing.suite" not in sys.modules\n'
        '        assert "vcr" not in sys.modules\n'
    )

    assert code == 0, told
