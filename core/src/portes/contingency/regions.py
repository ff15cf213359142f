"""What a small table is made of: states by their codes, or the places of a list; in spans of postal codes."""

from collections.abc import Iterable
from pathlib import Path

from portes.contract.states import PlaceError, Ranges, ranges_of_state
from portes.errors import Problem, Problems, SettingsError
from portes.files import LARGEST_FILE, RefusedFileError, read_limited
from portes.tables import ReadOptions
from portes.tables.places.place_list import PlaceList
from portes.tables.reading.sheets import open_sheets


def regions_of_states(country: str, states: Iterable[str]) -> Ranges:
    """The postal codes of some states, by code or name. Raises `SettingsError` naming each that is none."""
    regions: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for state in states:
        try:
            regions += ranges_of_state(country, state)
        except PlaceError as error:
            problems.append(Problem("--regions", error.words, str(error), error.fix))
    if problems:
        raise SettingsError(problems)
    return tuple(regions)


def regions_of_places(path: Path, options: ReadOptions) -> Ranges:
    """The postal codes of a list of places: its columns are `state`, `town`, `postal_from` and `postal_to`.

    Raises `SettingsError` naming sheet, line, value and fix of every problem.
    """
    try:
        source = read_limited(path, LARGEST_FILE)
    except OSError as error:
        own = error.fix if isinstance(error, RefusedFileError) else "name a CSV file or a workbook"
        raise SettingsError(Problem("--places", path, f"cannot be read ({error.strerror})", own)) from None
    problems = Problems(path)
    places = PlaceList.read(open_sheets(source, options, problems), options, problems)
    problems.check()
    return tuple(span for place in places.places for span in place.ranges)
