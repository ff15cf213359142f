"""The page for hosts in Python keeps what it shows: its programs run as they stand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "library.md").read_text(encoding="utf-8"), re.DOTALL)
SAID = ("demo-store ['example']", "example 1239 BRL ", "['served', 'served']")


@pytest.mark.parametrize(("program", "said"), [*zip(PROGRAMS, SAID, strict=True)])
def test_every_program_on_the_page_runs_as_it_stands(program: str, said: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (shown.returncode, shown.stderr) == (0, "")
    assert said in shown.stdout
