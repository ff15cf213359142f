"""The lowest versions that `core/pyproject.toml` admits answer as the pinned ones do."""

import os
import subprocess
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = ("pipelining", "strange_calls", "connection_caps", "calls", "admin", "service")
INI = """
[pytest]
addopts = --import-mode=importlib -p no:cacheprovider -m "not exhaustive" -x
markers = exhaustive
pythonpath = {root} {root}/tests/support
"""


def lowest() -> list[str]:
    """Every direct dependency of the core and its extras, at its lower bound."""
    project = tomllib.loads((ROOT / "core" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    return [name.replace(">=", "==") for name in named]


@pytest.mark.exhaustive
def test_the_lowest_versions_answer_as_the_pinned_ones_do(tmp_path: Path) -> None:
    """It needs a package index, and fails without one: nothing would have been proved."""
    home, constraints, ini = tmp_path / "home", tmp_path / "lowest.txt", tmp_path / "pytest.ini"
    constraints.write_text("\n".join(lowest()))
    ini.write_text(INI.format(root=ROOT))
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    environ = {name: value for name, value in os.environ.items() if name not in {"PIP_CONSTRAINT", "PYTHONPATH"}}
    install = [python, "-m", "pip", "install", "--quiet", "--constraint", str(constraints)]

    done = subprocess.run(
        [*install, f"{ROOT / 'core'}[web,cli]", "pytest", "hypothesis"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"the lowest versions cannot be installed; is there a package index?\n{done.stderr}"

    tests = [f"tests/web/test_{module}.py" for module in MODULES]
    run = [python, "-m", "pytest", "--quiet", "-c", str(ini), "--rootdir", str(ROOT), *tests]
    done = subprocess.run(run, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert " passed" in done.stdout
