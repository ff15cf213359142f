"""The page that writes a carrier shows the files of its example, and the example does what the page says."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "parcelpost"
PAGE = (ROOT / "docs" / "write-a-carrier.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SECRETS = {"PARCELPOST_KEY": "any-key", "NATIVE_KEY": "a-long-random-text"}


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    """An environment in which the example is installed, as its own `pyproject.toml` says."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = tmp_path / f"portes_parcelpost-{project['version']}.dist-info"
    about.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    about.joinpath("METADATA").write_text(head, encoding="utf-8")
    points = [
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in named.items())
        for group, named in project["entry-points"].items()
    ]
    about.joinpath("entry_points.txt").write_text("\n".join(points), encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), str(EXAMPLE / "src")])
    commands = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, **SECRETS, "PYTHONPATH": paths, "PATH": commands, "PYTHONDONTWRITEBYTECODE": "1"}


def test_every_file_on_the_page_is_the_one_in_the_example() -> None:
    differing = [name for name, text in SHOWN if (EXAMPLE / name).read_text(encoding="utf-8") != text]

    assert differing == []


def test_every_file_of_the_example_is_on_the_page() -> None:
    written = {
        path.relative_to(EXAMPLE).as_posix()
        for kind in ("*.py", "*.toml")
        for path in EXAMPLE.rglob(kind)
        if "cassettes" not in path.parts
    }

    assert {name for name, _ in SHOWN} == written


def test_the_example_quotes_what_the_page_says_against_its_simulator(environ: Mapping[str, str]) -> None:
    with simulated(environ) as address:
        told = subprocess.run(
            ["portes", "quote", "--store", str(EXAMPLE), "--to", "70002900", "--item", "sku-1:2:0.5kg:10x10x25cm"],
            env={**environ, "PARCELPOST_URL": f"{address}/v1"},
            check=False,
            capture_output=True,
            text=True,
        )

    assert (told.returncode, told.stderr) == (0, "")
    prices = dict(re.findall(r"parcelpost │ (\w+) +│ +([\d.]+ BRL)", told.stdout))
    assert prices == dict(re.findall(r"`(normal|express)` for ([\d.]+ BRL)", PAGE))


@contextmanager
def simulated(environ: Mapping[str, str]) -> Iterator[str]:
    """Run the simulator on a free port; where it answers."""
    with subprocess.Popen(
        ["portes", "sandbox", "parcelpost"],
        env={**environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            (address,) = re.findall(r"http://[\d.:]+\d", process.stdout.readline())
            yield address
        finally:
            process.terminate()


@pytest.mark.exhaustive
def test_the_example_passes_the_suite_that_every_carrier_passes(environ: Mapping[str, str]) -> None:
    suite = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(EXAMPLE / "tests")]

    told = subprocess.run(suite, cwd=EXAMPLE, env=environ, check=False, capture_output=True, text=True)

    assert told.returncode == 0, told.stdout
    passed, *others = told.stdout.splitlines()[-1].split(",")
    assert int(passed.split()[0]) > 90
    assert "skipped" not in " ".join(others)
