"""The README does what it says: every command block runs, and what it prints is what is printed."""

import os
import subprocess
import sys
from pathlib import Path

import yaml
from readme import BLOCKS, COMMANDS, PRINTED, shape

ROOT = Path(__file__).parents[2]
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def recipe(target: str) -> list[str]:
    """What `make TARGET` would run, without running it; what it does before with a missing environment is left out."""
    dry = ["make", "--dry-run", "--assume-old=.venv/made", target]
    told = subprocess.run(dry, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [line for line in told.splitlines() if line.startswith(".venv/bin/")]


def run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"PATH": PATH}
    return subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)


def test_the_two_commands_come_first() -> None:
    assert COMMANDS[:2] == ["make demo", "make test"]


def test_make_demo_is_the_demo_whose_output_the_readme_shows() -> None:
    """A test of the demo holds what it prints to it."""
    assert recipe("demo") == [".venv/bin/portes demo"]


def test_make_test_is_what_ci_runs_and_make_test_all_leaves_nothing_out() -> None:
    *lint, tests = recipe("test")
    *lint_of_all, all_tests = recipe("test-all")

    assert tests == '.venv/bin/python -m pytest -n 4 --dist loadscope -m "not exhaustive"'
    assert all_tests == ".venv/bin/python -m pytest -n 4 --dist loadscope --hypothesis-profile=thorough"
    assert lint == lint_of_all == recipe("lint")
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


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
