"""Where a table is uploaded: the format that the portal takes, how it counts, and what its sheets hold at most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from portes.contingency.sampling.plan import DEFAULT_BORDERS
from portes.contract.suggestions import did_you_mean
from portes.errors import Problem, SettingsError
from portes.files import RefusedFileError, read_limited

_MEGABYTE: Final = 1_000_000
_LARGEST_MAPPING: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Portal:
    """A place to upload a table to."""

    name: str
    """As `--for` takes it, and as the version of the table is called."""
    format: str
    weight_unit: Literal["g", "kg"] | None
    """What weights are written in, where the format leaves it open."""
    has_service: bool = True
    """Whether one file holds several delivery types; else there is a file for each."""
    borders: tuple[int, ...] = DEFAULT_BORDERS
    """Upper borders of its usual brackets, in grams."""
    most_rows: int | None = None
    most_bytes: int | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Other files by the word that the format knows: `mapping`."""


PORTALS: Final[Mapping[str, Portal]] = {
    portal.name: portal
    for portal in (
        Portal("plain", "plain", None),
        # VTEX's help center: at most 65,536 rows a sheet, its header among them, and 10 MB a file
        Portal("vtex", "vtex", "g", has_service=False, most_rows=65_535, most_bytes=10 * _MEGABYTE),
        Portal("via", "via-varejo", None),
    )
}
"""The portals whose sheets are known, by name."""


def find_portal(words: str) -> Portal:
    """The portal of a name, or a layout of one's own by the TOML file of a mapping.

    Raises `SettingsError` for a name that is none and for a file that cannot be read.
    """
    known = PORTALS.get(words)
    if known is not None:
        return known
    if not words.endswith(".toml"):
        fix = did_you_mean(words, PORTALS) or f"write one of {', '.join(PORTALS)}, or the TOML file of a mapping"
        raise SettingsError(Problem("--for", words, "is no portal that is known here", fix))
    path = Path(words)
    try:
        mapping = read_limited(path, _LARGEST_MAPPING)
    except OSError as error:
        own = error.fix if isinstance(error, RefusedFileError) else "name the TOML file of a mapping"
        raise SettingsError(Problem("--for", path, f"cannot be read ({error.strerror})", own)) from None
    return Portal(path.stem, "mapping", None, beside={"mapping": mapping})
