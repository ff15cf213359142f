"""Where a table is uploaded: the format that the portal takes, and its usual brackets; it writes no file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from portes.contingency.sampling import DEFAULT_BORDERS
from portes.contract.suggestions import did_you_mean
from portes.errors import Problem, SettingsError
from portes.files import RefusedFileError, read_limited

_LARGEST_MAPPING: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Portal:
    """A place to upload a table to; its format knows its units and limits."""

    name: str
    """As `--for` takes it, and as the version of the table is called."""
    format: str
    borders: tuple[int, ...] = DEFAULT_BORDERS
    """Upper borders of its usual brackets, in grams."""
    beside: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Other files by the word that the format knows: `mapping`."""


PORTALS: Final[Mapping[str, Portal]] = {
    portal.name: portal for portal in (Portal("plain", "plain"), Portal("vtex", "vtex"), Portal("via", "via-varejo"))
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
    return Portal(path.stem, "mapping", beside={"mapping": mapping})
