"""The import contracts are kept, and every one of them would catch a breach."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core/src", "contracts/src", "plugins/table/src")
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
]
BREACHES = {
    "core/src/portes/contract/goods.py": "from portes.engine import quoter\nimport portes_testing\n",
    "core/src/portes/rules/cheapest.py": "from portes.settings import StoreFile\n",
    "core/src/portes/engine/plan.py": "import requests\nfrom portes import Money\nimport portes_table\n",
    "core/src/portes/channels/native.py": "from portes.carrier import Carrier\nimport urllib3\n",
    "plugins/table/src/portes_table/__init__.py": "from portes.engine.quoter import Quoter\nimport portes_other\n",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The workspace's sources alone, with a second plugin that needs the first."""
    for name in (*ROOMS, "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "demo_stores"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    other = tmp_path / "plugins" / "other" / "src" / "portes_other"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    return tmp_path


def told(root: Path) -> str:
    """What the linter of a workspace says."""
    rooms = [*ROOMS, "plugins/other/src"]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(str(root / room) for room in rooms), "COLUMNS": "300"}
    script = [sys.executable, str(root / "scripts" / "check_imports.py")]
    return subprocess.run(script, cwd=root, env=environ, check=False, capture_output=True, text=True).stdout


def verdicts(root: Path) -> dict[str, str]:
    """Each contract's name and whether it was kept."""
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)", told(root), re.MULTILINE))


def test_every_import_contract_is_kept(copy: Path) -> None:
    assert verdicts(copy) == dict.fromkeys(CONTRACTS, "KEPT")


def test_every_import_contract_catches_its_breach(copy: Path) -> None:
    for name, breach in BREACHES.items():
        path = copy / name
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{breach}", encoding="utf-8")

    assert verdicts(copy) == dict.fromkeys(CONTRACTS, "BROKEN")


def test_a_new_module_of_the_core_needs_a_floor(copy: Path) -> None:
    (copy / "core/src/portes/attic.py").touch()

    assert "portes.attic" in told(copy)
