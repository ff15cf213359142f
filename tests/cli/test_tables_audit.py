"""`portes tables audit`: what is odd about a table, as text, JSON and a page, and a corrected copy of it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types
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
    assert "51 of 52 provinces" in told.stdout
    assert '<th scope="col">Province</th>' in text
    assert "Median price by province and weight" in text
    assert told.exit_code == 1  # 01000 has no row


def test_findings_name_a_spanish_province_and_no_number(portes: Portes, table: Path) -> None:
    table.write_text(HEADER + "economy,01000,27999,0,30000,4.90,1,2\neconomy,28100,49999,0,30000,5.90,1,2\n")

    told = portes("tables", "audit", table, "--country", "ES", "--currency", "EUR").stdout

    assert "  3 provinces: 3,000 postal codes" in told
    assert "    economy: Zaragoza: no code has a price" in told
    assert "    economy: Madrid (Madrid): 100 of 100 codes have no row" in told


def test_a_country_without_a_list_of_states_has_a_page_without_a_map(
    portes: Portes, table: Path, tmp_path: Path
) -> None:
    table.write_text(HEADER + "economy,1000,1999,0,30000,4.90,1,2\n")
    told = portes("tables", "audit", table, "--country", "PT", "--currency", "EUR", "--html", tmp_path / "page.html")

    assert told.exit_code == 0
    assert "there is no map" in (tmp_path / "page.html").read_text()


STORE = """
[service]
state = "state"
[store]
name = "shop"
country = "ES"
currency = "EUR"
timezone = "Europe/Madrid"
calendar = "ES-MD"
"""


@pytest.fixture
def shop(portes: Portes, table: Path) -> Path:
    """A Spanish store that keeps a table in kilograms, whose days run backwards nowhere and whose price is lost."""
    store = table.parent / "portes.toml"
    store.write_text(STORE)
    rows = "01000,34999,0,30,4.90,1,2\n36000,52999,0,30,5.90,1,90\n"
    table.write_text("postal_from,postal_to,weight_from,weight_to,price,days_min,days_max\n" + rows)
    kept = portes("tables", "import", table, "--as", "contract", "--weight-unit", "kg", "--store", store)
    assert kept.exit_code == 0, kept.stdout
    table.unlink()
    return store


def test_a_version_is_audited_with_what_was_declared_when_it_was_imported(portes: Portes, shop: Path) -> None:
    told = portes("tables", "audit", "contract@1", "--store", shop)

    assert told.exit_code == 1
    assert "contract@1: 2 rows, 2 postal ranges" in told.stdout
    assert "line 3: 36000-52999, 0-30000 g: 1 to 90 days" in told.stdout
    assert "weights-in" not in told.stdout  # they are declared to be in kg
    assert "of 52 provinces" in told.stdout  # the store is in Spain


def test_a_stored_table_by_its_name_is_the_version_in_force(portes: Portes, shop: Path) -> None:
    assert "has no version in force" in portes("tables", "audit", "contract", "--store", shop).stdout
    portes("tables", "activate", "contract@1", "--store", shop, "--yes")

    assert "contract@1: 2 rows" in portes("tables", "audit", "contract", "--store", shop).stdout


def test_a_version_has_a_page_and_a_corrected_copy_too(portes: Portes, shop: Path, tmp_path: Path) -> None:
    names = "--html", tmp_path / "page.html", "--fix", tmp_path / "copy.csv"
    told = portes("tables", "audit", "contract@1", "--store", shop, *names)

    assert f"Wrote {tmp_path / 'copy.csv'}: 0 rows changed" in told.stdout
    assert "Audit of contract@1" in (tmp_path / "page.html").read_text()
    check = portes("tables", "check", tmp_path / "copy.csv", "--country", "ES", "--currency", "EUR")
    assert "weights from 0 g to 30000 g" in check.stdout


@pytest.mark.parametrize("option", [("--weight-unit", "g"), ("--format", "plain"), ("--overlap", "narrowest")])
def test_what_is_declared_beside_a_version_is_refused_rather_than_dropped(
    portes: Portes, shop: Path, option: tuple[str, str]
) -> None:
    told = portes("tables", "audit", "contract@1", "--store", shop, *option)

    assert told.exit_code == 2
    assert f"take {option[0]} out, or import the file again with it" in told.stderr


def test_a_version_that_is_not_kept_is_told_with_those_that_are(portes: Portes, shop: Path) -> None:
    text = portes("tables", "audit", "contract@7", "--store", shop)
    said = json.loads(portes("tables", "audit", "contract@7", "--store", shop, "--json").stdout)

    assert text.exit_code == 2
    assert "write one of contract@1" in text.stdout
    assert said["problems"][0]["fix"] == "write one of contract@1"


def test_a_file_that_is_missing_is_told_as_a_file_where_there_is_no_store(portes: Portes, tmp_path: Path) -> None:
    told = portes("tables", "audit", tmp_path / "gone.csv")
    bare = portes("tables", "audit", "gone.csv")

    assert (told.exit_code, bare.exit_code) == (2, 2)
    assert "gone.csv" in told.stdout
    assert "No such file" in told.stdout
    assert "No such file" in bare.stdout


def test_every_problem_of_a_file_has_a_line_of_its_own(portes: Portes, table: Path) -> None:
    table.write_text(HEADER + "economy,01000000,19999999,0,heavy,12.90,2,3\neconomy,1,2,0,9,dear,2,3\n")

    told = portes("tables", "audit", table, "--format", "plain")

    assert "\\n" not in told.stdout
    assert len(told.stdout.splitlines()) > 2


def test_a_fee_table_is_looked_at_without_asking_where_it_reaches(portes: Portes, table: Path, tmp_path: Path) -> None:
    table.write_text("postal_from,postal_to,price\n01000000,01999999,5.00\n")
    told = portes("tables", "audit", table, "--fees", "--html", tmp_path / "page.html")

    assert told.exit_code == 0
    assert "Coverage" not in told.stdout
    assert "its coverage is not looked at" in (tmp_path / "page.html").read_text()


def test_a_table_by_value_names_its_brackets_in_money(portes: Portes, table: Path) -> None:
    rows = "01000000,19999999,0,150,5.00,1,3\n01000000,19999999,200,,7.00,1,3\n"
    table.write_text("postal_from,postal_to,value_from,value_to,price,days_min,days_max\n" + rows)
    told = portes("tables", "audit", table)

    assert told.exit_code == 1
    assert "nothing between 0-150 BRL and above 200 BRL" in told.stdout
    assert "Coverage: all rows: 1 of 27 states; of 5,570 towns 645 at 150 BRL" in told.stdout


def test_what_is_seen_by_its_place_in_the_heat_map_is_there_in_words(
    portes: Portes, table: Path, tmp_path: Path
) -> None:
    table.write_text(HEADER + "economy,20000000,23799999,0,30000,12.90,2,3\n")
    portes("tables", "audit", table, "--html", tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()

    assert re.search(r'12\.90 <small>\d+ %<span class="spoken"> of the towns</span></small>', text)
    assert '<span class="spoken">no price</span>' in text
    assert '<th scope="row"><abbr title="Rio de Janeiro">RJ</abbr></th>' in text


def test_one_price_that_is_far_off_does_not_make_all_others_pale(portes: Portes, table: Path, tmp_path: Path) -> None:
    states = (("20", 10), ("30", 14), ("40", 20), ("50", 24), ("57", 2000), ("88", 30))
    table.write_text(HEADER + "".join(f"a,{at}000000,{at}999999,0,30000,{price}.00,2,3\n" for at, price in states))
    portes("tables", "audit", table, "--html", tmp_path / "page.html")
    shades = dict(
        re.findall(r'title="[^"]*">(RJ|SC|AL)</abbr></th><td class="h(.)"', (tmp_path / "page.html").read_text())
    )

    assert shades == {"RJ": "0", "SC": "1", "AL": "6"}


def test_a_sheet_with_a_hostile_name_is_shown_and_does_nothing(portes: Portes, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "<b onclick=x>&\u202e"
    for line in (HEADER + "economy,01000000,19999999,0,30000,12.90,9,3").split("\n"):
        sheet.append([int(cell) if cell.isdecimal() and len(cell) < 8 else cell for cell in line.split(",")])
    book.create_sheet("other").append(["note"])
    book.save(tmp_path / "table.xlsx")
    told = portes("tables", "audit", tmp_path / "table.xlsx", "--html", tmp_path / "page.html")
    assert told.exit_code == 1, told.stdout
    text = (tmp_path / "page.html").read_text()

    assert "\u202e" not in told.stdout + text
    assert "<b onclick" not in text
    assert '<span class="place">&lt;b onclick=x&gt;&amp;\\u202e, line 2</span>' in text
