"""The README does what it says: every command block runs, and what it prints is what is printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from readme import BLOCKS, COMMANDS, PRINTED, shape

ROOT = Path(__file__).parents[2]
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def make(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run make; what it does before with a missing environment is left out."""
    command = ["make", "--no-print-directory", "--assume-old=.venv/made", *words]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


def recipe(target: str) -> list[str]:
    """The commands that `make TARGET` would run, without running them."""
    told = make("--dry-run", target).stdout.replace("\\\n", "")
    return [" ".join(line.split()) for line in told.splitlines()]


def beside(lint: str, tests: str) -> list[str]:
    """How make runs lint and the tests at the same time."""
    started = f"said=$(mktemp); ( {lint} ) >$said 2>&1 & lint=$!; {tests}; tests=$?;"
    return [f"{started} wait $lint; linted=$?; cat $said; rm $said; test $tests -eq 0 && test $linted -eq 0"]


def run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"PATH": PATH}
    return subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)


def test_the_two_commands_come_first() -> None:
    assert COMMANDS[:2] == ["make demo", "make test"]


def test_make_demo_is_the_demo_whose_output_the_readme_shows() -> None:
    """A test of the demo holds what it prints to it."""
    assert recipe("demo") == [".venv/bin/portes demo"]


def test_make_test_is_what_ci_runs_and_make_test_all_leaves_nothing_out() -> None:
    pytest = ".venv/bin/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder"
    (lint,) = recipe("lint")

    assert recipe("test") == beside(lint, f'{pytest} -m "not exhaustive" -o portes_faults=distinct')
    assert recipe("test-all") == beside(lint, f"{pytest} --hypothesis-profile=thorough")
    assert [tool for tool in ("format --check", "ruff check", "check_types", "check_imports") if tool not in lint] == []
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


@pytest.mark.parametrize(("lint", "tests"), [("true", "true"), ("false", "true"), ("true", "false")])
def test_make_test_fails_when_lint_fails_and_when_a_test_does(lint: str, tests: str) -> None:
    done = make("test", f"LINT=echo linted && {lint}", f"PYTEST=echo tested && {tests}")

    assert (done.returncode == 0) == (lint == tests == "true")
    assert [line for line in done.stdout.splitlines() if line.endswith("ed")] == ["tested", "linted"]


def test_each_change_runs_make_test_and_each_night_make_test_all() -> None:
    flows = ROOT / ".github" / "workflows"

    assert steps(flows / "ci.yml") == [".ci/run"]
    assert steps(flows / "nightly.yml") == ["make test-all"]


def steps(flow: Path) -> list[str]:
    """The commands of a workflow."""
    jobs = yaml.safe_load(flow.read_text(encoding="utf-8"))["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


def test_the_quote_in_ten_lines_quotes() -> None:
    (code,) = [text for kind, text in BLOCKS if kind == "python"]

    assert len([line for line in code.splitlines() if line]) <= 10
    printed = run([sys.executable, "-W", "error", "-c", code])
    assert (printed.returncode, printed.stderr) == (0, "")
    assert shape(printed.stdout) == shape(PRINTED[1])


def test_every_other_command_runs_as_it_stands() -> None:
    others = COMMANDS[2:]

    assert others != []
    for block in others:
        shown = run(["bash", "-euc", block.replace(".venv/bin/", "")])
        assert (shown.returncode, shown.stderr) == (0, ""), block
