"""Every recording says who answered, when and in which structure, and a list says what to look at."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portes.toolbox import HttpResponse
from portes_testing import Exchange, SentRequest, write_cassette
from portes_testing.checks.recordings import unproven
from portes_testing.recordings.listing import listed
from portes_testing.recordings.provenance import FILE, Against, Provenance, read_provenance, write_provenance
from portes_testing.recordings.structure import fingerprint, structure

TODAY = date(2026, 11, 23)


def line(mark: str = "abc", day: date = TODAY, against: Against = Against.SANDBOX) -> Provenance:
    return Provenance(against, day, datetime(2026, 11, 23, 13, 0, tzinfo=UTC), mark, 'portes sandbox "x"', "2")


def exchange(body: str, question: str = '{"a":1}') -> Exchange:
    return Exchange(
        SentRequest("POST", "https://x.example/q?page=1", {}, question.encode()), HttpResponse(200, {}, body.encode())
    )


def recorded(folder: Path, name: str, body: str, day: date = TODAY) -> None:
    write_cassette(folder / name, [exchange(body)])
    write_provenance(folder, name, line(fingerprint([exchange(body)]), day))


def test_a_line_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_provenance(tmp_path, "b.yaml", line())
    write_provenance(tmp_path, "a.yaml", line("def", against=Against.LIVE))

    assert read_provenance(tmp_path) == {"a.yaml": line("def", against=Against.LIVE), "b.yaml": line()}
    assert (tmp_path / FILE).read_text().index("a.yaml") < (tmp_path / FILE).read_text().index("b.yaml")


def test_a_folder_without_lines_has_none(tmp_path: Path) -> None:
    assert read_provenance(tmp_path) == {}


def test_a_new_structure_remembers_the_one_before(tmp_path: Path) -> None:
    write_provenance(tmp_path, "a.yaml", line("old", date(2026, 1, 1)))

    first = write_provenance(tmp_path, "a.yaml", line("new"))
    then = write_provenance(tmp_path, "a.yaml", line("new", date(2026, 12, 1)))

    assert (first.changed, first.before) == (TODAY, "old")
    assert (then.changed, then.before) == (TODAY, "old")


def test_a_sandbox_and_the_carrier_are_not_compared(tmp_path: Path) -> None:
    write_provenance(tmp_path, "a.yaml", line("sandbox"))

    assert write_provenance(tmp_path, "a.yaml", line("live", against=Against.LIVE)).changed is None


@pytest.mark.parametrize("wrong", ['provenance = "hearsay"', 'provenance = "live"\nwho = "me"', ""])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, wrong: str) -> None:
    (tmp_path / FILE).write_text(f'["a.yaml"]\n{wrong}\n')

    with pytest.raises(ValueError, match=r"PROVENANCE\.toml: the line of a\.yaml cannot be read"):
        read_provenance(tmp_path)


def test_values_and_repetition_do_not_change_a_structure() -> None:
    assert fingerprint([exchange('[{"p":"1.00"}]')]) == fingerprint(
        [exchange('[{"p":"2.00"},{"p":"3.00"}]', '{"a":2}')]
    )


@pytest.mark.parametrize("other", ['[{"p":1.5}]', '[{"p":"1.00","q":1}]', "[{}]", '{"p":"1.00"}', "<html>", ""])
def test_names_types_and_shapes_do(other: str) -> None:
    assert fingerprint([exchange('[{"p":"1.00"}]')]) != fingerprint([exchange(other)])


def test_a_structure_can_be_read() -> None:
    assert structure([exchange('{"p":["1"],"n":null,"t":true}')]) == {
        "POST /q 200",
        "POST /q ? page",
        "POST /q > . object",
        "POST /q > .a number",
        "POST /q 200 < . object",
        "POST /q 200 < .p list",
        "POST /q 200 < .p[] text",
        "POST /q 200 < .n null",
        "POST /q 200 < .t truth value",
    }


def test_files_and_lines_that_do_not_fit_are_told(tmp_path: Path) -> None:
    recorded(tmp_path, "good.yaml", '"x"')
    recorded(tmp_path, "edited.yaml", '"x"')
    write_cassette(tmp_path / "edited.yaml", [exchange("7")])
    write_cassette(tmp_path / "orphan.yaml", [exchange("7")])
    write_provenance(tmp_path, "gone.yaml", line())

    problems = list(unproven(tmp_path))

    assert [problem.partition(" ")[0] for problem in problems] == ["orphan.yaml", "gone.yaml", "edited.yaml"]


def test_the_list_warns_of_what_is_older_than_a_year(tmp_path: Path) -> None:
    recorded(tmp_path / "parcelpost", "new.yaml", '"x"', date(2025, 11, 23))
    recorded(tmp_path / "parcelpost", "old.yaml", '"x"', date(2025, 11, 22))

    new, old = listed(tmp_path, TODAY)

    assert (new.folder, new.name, new.age, new.warnings) == ("parcelpost", "new.yaml", 365, ())
    assert (old.age, old.warnings, old.breaches) == (366, ("older than a year",), ())


def test_the_list_shows_where_the_structure_changed(tmp_path: Path) -> None:
    recorded(tmp_path, "a.yaml", '"x"', date(2026, 1, 1))
    recorded(tmp_path, "a.yaml", "7")

    (only,) = listed(tmp_path, TODAY)

    before = fingerprint([exchange('"x"')])
    assert only.warnings == (f"its structure changed on 2026-11-23, before it was {before}",)


def test_the_list_tells_what_proves_nothing(tmp_path: Path) -> None:
    write_cassette(tmp_path / "orphan.yaml", [exchange("7"), exchange("8")])
    write_provenance(tmp_path, "gone.yaml", line())
    recorded(tmp_path, "edited.yaml", '"x"')
    write_cassette(tmp_path / "edited.yaml", [exchange("7")])

    found = {each.name: each for each in listed(tmp_path, TODAY)}

    assert found["orphan.yaml"].breaches == ("nobody knows where it is from",)
    assert (found["orphan.yaml"].calls, found["orphan.yaml"].age) == (2, None)
    assert found["gone.yaml"].breaches == ("the file is missing",)
    assert "recorded was" in found["edited.yaml"].breaches[0]
