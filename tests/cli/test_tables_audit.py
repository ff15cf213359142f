"""`portes tables audit`: what is odd about a table, as text, JSON and a page, and a corrected copy of it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from terminal import Portes

HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"
SOUND = HEADER + "economy,01000000,19999999,0,30000,12.90,2,3\n"
HOLED = HEADER + "economy,01000000,19999999,0,1000,12.90,2,3\neconomy,01000000,19999999,2000,30000,20.00,2,3\n"
SWAPPED = SOUND + "economy,20000000,28999999,0,30000,14.90,5,3\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def test_a_table_with_nothing_worse_than_advice_exits_with_0(portes: Portes, table: Path) -> None:
    table.write_text(SOUND)

    told = portes("tables", "audit", table)

    assert told.exit_code == 0
    assert "1 row, 1 postal range; 0 errors, 0 warnings, 1 piece of advice" in told.stdout
    assert "ADVICE state-uncovered" in told.stdout
    assert "Coverage: economy: 1 of 27 states" in told.stdout


def test_a_hole_that_the_check_refuses_is_told_with_its_line_and_exits_with_1(portes: Portes, table: Path) -> None:
    table.write_text(HOLED)

    told = portes("tables", "audit", table)

    assert portes("tables", "check", table).exit_code == 2
    assert told.exit_code == 1
    assert "line 3: economy 01000000-19999999: nothing between 0-1000 g and 2000-30000 g" in told.stdout


def test_what_counts_as_a_finding_is_for_the_caller_to_say(portes: Portes, table: Path) -> None:
    table.write_text(SOUND)

    assert portes("tables", "audit", table, "--fail-on", "advice").exit_code == 1
    table.write_text(SOUND + "economy,20000000,28999999,0,30000,14.90,2,90\n")
    assert portes("tables", "audit", table).exit_code == 1
    assert portes("tables", "audit", table, "--fail-on", "error").exit_code == 0


def test_a_file_that_cannot_be_understood_is_told_as_the_check_tells_it(portes: Portes, table: Path) -> None:
    table.write_text(HEADER + "economy,01000000,19999999,0,heavy,12.90,2,3\n")

    told, check = (
        portes("tables", "audit", table, "--format", "plain"),
        portes("tables", "check", table, "--format", "plain"),
    )

    assert (told.exit_code, told.stdout) == (check.exit_code, check.stdout)
    assert told.exit_code == 2


def test_json_has_every_finding_with_code_rows_and_coverage(portes: Portes, table: Path) -> None:
    table.write_text(HOLED)

    said = json.loads(portes("tables", "audit", table, "--json").stdout)

    assert said["worst"] == "error"
    hole = said["findings"][0]
    assert (hole["code"], hole["severity"], hole["rows"], hole["cases"][0]["line"]) == ("hole", "error", 1, 3)
    assert [one["service"] for one in said["coverage"]["series"]] == ["economy"]


def test_a_copy_is_written_and_the_table_itself_never(portes: Portes, table: Path, tmp_path: Path) -> None:
    table.write_text(SWAPPED)
    before = table.stat()

    told = portes("tables", "audit", table, "--fix", tmp_path / "copy.csv")

    assert "Mended days-backwards: 1 of 1" in told.stdout
    assert "1 row changed, 0 taken out, 0 added" in told.stdout
    assert portes("tables", "check", tmp_path / "copy.csv").exit_code == 0
    assert (table.read_text(), table.stat().st_mtime_ns) == (SWAPPED, before.st_mtime_ns)
    assert portes("tables", "audit", table, "--fix", table).exit_code == 2
    assert portes("tables", "audit", table, "--html", table).exit_code == 2
    assert table.read_text() == SWAPPED


def test_a_code_that_nobody_can_mend_is_refused_before_anything_is_read(
    portes: Portes, table: Path, tmp_path: Path
) -> None:
    told = portes("tables", "audit", table, "--fix", tmp_path / "copy.csv", "--only", "hole")

    assert told.exit_code == 2
    assert "for a person to mend" in told.stderr
    assert "is no finding" in portes("tables", "audit", table, "--fix", tmp_path / "c.csv", "--only", "holes").stderr
    assert "name one with --fix" in portes("tables", "audit", table, "--fix-guesses").stderr


class Page(HTMLParser):
    """The tags of a page, and what they name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.named: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.named += [
            value or "" for name, value in attrs if name in ("src", "href", "style") or name.startswith("on")
        ]


def test_the_page_needs_nothing_else_and_allows_nothing_else(portes: Portes, table: Path, tmp_path: Path) -> None:
    table.write_text(HOLED)
    portes("tables", "audit", table, "--html", tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()
    page = Page(text)

    assert "script" not in page.tags
    assert "link" not in page.tags
    assert [name for name in page.named if not name.startswith("#state-")] == []
    assert "http" not in re.sub(r'<meta http-equiv="Content-Security-Policy"', "", text)
    assert "default-src 'none'; style-src 'sha256-" in text
    assert "Map: MapSVG" in text
    assert "line 3" in text
    assert text.count("<use ") == 27


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\u202eylno", "\\u202eylno"),
        ("bell\x07", "bell\\x07"),
        ("'\"><img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
    ],
    ids=["script", "bidi", "control", "image"],
)
def test_hostile_names_are_shown_and_do_nothing(
    portes: Portes, table: Path, tmp_path: Path, name: str, shown: str
) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    table.write_text(HOLED.replace("economy", quoted))
    portes("tables", "audit", table, "--html", tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()
    page = Page(text)

    assert shown in text
    assert {"script", "img"} & set(page.tags) == set()
    assert name not in text


def test_the_page_of_a_spanish_table_has_its_provinces(portes: Portes, table: Path, tmp_path: Path) -> None:
    table.write_text(HEADER + "economy,01001,34999,0,30000,4.90,1,2\neconomy,36000,52999,0,30000,5.90,1,2\n")
    told = portes("tables", "audit", table, "--country", "ES", "--currency", "EUR", "--html", tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()

    assert text.count("<use ") == 52
    assert "Instituto Geográfico Nacional (CC BY 4.0)" in text
    assert "Las Palmas" in told.stdout
    assert told.exit_code == 1  # 01000 has no row


def test_a_country_without_a_list_of_states_has_a_page_without_a_map(
    portes: Portes, table: Path, tmp_path: Path
) -> None:
    table.write_text(HEADER + "economy,1000,1999,0,30000,4.90,1,2\n")
    told = portes("tables", "audit", table, "--country", "PT", "--currency", "EUR", "--html", tmp_path / "page.html")

    assert told.exit_code == 0
    assert "there is no map" in (tmp_path / "page.html").read_text()
