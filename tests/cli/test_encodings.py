"""Texts that the encoding of a terminal or a pipe has no bytes for, in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from stage import ENVIRON
from table_shop import Tables, keep

HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
BOX = "\N{PACKAGE}"


def portes_in(encoding: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """A command whose streams have this encoding, in the locale that knows ASCII alone."""
    environ = {**os.environ, **ENVIRON, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "200"}
    environ["PYTHONIOENCODING"] = f"{encoding}:strict"
    command = [sys.executable, "-P", "-c", "from portes.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, env=environ, capture_output=True, encoding=encoding, check=False)


def test_a_carrier_of_an_accented_name_is_shown_where_there_is_only_ascii(shop: Path, tables: Tables) -> None:
    settings = (shop / "portes.toml").read_text(encoding="utf-8").replace('"Southern"', '"São João"')
    (shop / "portes.toml").write_text(settings, encoding="utf-8")
    keep(tables, shop, "12.90")
    tables("activate", "contract@1")

    told = portes_in("ascii", "quote", "--store", shop, "--to", "01000000", "--item", "a:1:1kg:1x1x1cm")

    assert (told.returncode, told.stderr) == (0, "")
    assert r"S\u00e3o Jo\u00e3o" in told.stdout


def test_what_latin_1_lacks_is_written_by_its_number_in_text_and_in_json(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(f"{HEADER}econômica {BOX},01000000,05999999,0,1000,12.90,3\n", encoding="utf-8")

    told, raw = (portes_in("latin-1", "tables", "check", file, *more) for more in ((), ("--json",)))

    assert (told.returncode, told.stderr, raw.returncode, raw.stderr) == (0, "", 0, "")
    assert r"services econômica \ud83d\udce6." in told.stdout
    assert f"econômica {BOX}" in json.dumps(json.loads(raw.stdout), ensure_ascii=False)
