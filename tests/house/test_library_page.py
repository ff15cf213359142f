"""The page for hosts in Python keeps what it shows: its programs run as they stand."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from portes import Dimensions, Item, Place, QuoteRequest, RequestError, Verdict, open_store

ROOT = Path(__file__).parents[2]
PROGRAMS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "library.md").read_text(encoding="utf-8"), re.DOTALL)
SAID = ("demo-store ['example']", "example 1239 BRL ", "['served', 'served']", "")
SECRETS = {"NETSHOES_PASSWORD": "not needed here", "NATIVE_KEY": "not needed here either"}
CRASH = """
import sys

from portes import Dimensions, Item, Place, QuoteRequest, open_store
from portes_jamef.carrier import Jamef


def crash(self, shipments, deadline):
    raise RuntimeError("the password is canary-4711-0815")


Jamef.quote = crash
secrets = {"NETSHOES_PASSWORD": "-" * 12, "NATIVE_KEY": "-" * 16, "JAMEF_PASSWORD": "canary-4711-0815"}
secrets |= {"JAMEF_URL": "http://127.0.0.1:1"}
item = Item(sku="sku-1", quantity=1, weight=500, size=Dimensions.parse("10x10x25cm"))
home = Place.parse("01512-651", "BR")
request = QuoteRequest(channel="shop", store="demo-store", destination=home, lines=(item,), currency="BRL")
with open_store(sys.argv[1], environ=secrets) as store:
    print(*{failed.failure.kind for failed in store.quote(request).lines[0].failures})
"""


@pytest.mark.parametrize(("program", "said"), [*zip(PROGRAMS, SAID, strict=True)])
def test_every_program_on_the_page_runs_as_it_stands(program: str, said: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (shown.returncode, shown.stderr) == (0, "")
    assert said in shown.stdout


def test_a_log_configured_as_on_the_page_has_a_crash_in_one_line_that_is_masked(tmp_path: Path) -> None:
    with_jamef = shutil.copytree(ROOT / "examples" / "demo-store", tmp_path / "store") / "portes.toml"
    text = with_jamef.read_text(encoding="utf-8")
    with_jamef.write_text(text.replace("active = false\nid = 3", "active = true\nid = 3"), encoding="utf-8")
    (configured,) = [program for program in PROGRAMS if "structlog.configure" in program]
    shown = subprocess.run(
        [sys.executable, "-W", "error", "-c", configured + CRASH, str(with_jamef)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (shown.returncode, shown.stdout) == (0, "crashed\n")
    (line,) = shown.stderr.splitlines()
    assert line.startswith("ERROR portes.engine.guard {")
    assert "carrier crashed" in line
    assert "RuntimeError" in line
    assert "canary" not in line


def test_a_noun_of_a_wrong_value_raises_another_error_than_a_text_that_cannot_be_read() -> None:
    with pytest.raises(ValidationError):
        Item(sku="sku-1", quantity=1, weight=0.5, size=Dimensions.parse("10x10x25cm"))  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Place(country="BR", postal_code="1")
    with pytest.raises(RequestError):
        Place.parse("0151", "BR")


def test_a_closed_store_answers_from_its_tables_and_raises_nothing() -> None:
    item = Item(sku="sku-1", quantity=1, weight=500, size=Dimensions.parse("10x10x25cm"))
    home = Place.parse("01512-651", "BR")
    request = QuoteRequest(channel="shop", store="demo-store", destination=home, lines=(item,), currency="BRL")
    store = open_store(ROOT / "examples" / "demo-store", environ=SECRETS)

    store.close()

    assert store.quote(request).verdict is Verdict.SERVED
