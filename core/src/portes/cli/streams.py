"""The streams that commands write to: whatever their encoding, no text crashes a command."""

import codecs
import io
import sys
from typing import Final

_BY_NUMBER: Final = "portes.by_number"


def write_any_text() -> None:
    r"""Have standard output and standard error write by its number, `\u00e9`, what their encoding has no bytes for.

    So a terminal or a pipe in ASCII loses nothing, and JSON stays JSON: Python's own escapes, `\xe9`, are none in it.
    """
    codecs.register_error(_BY_NUMBER, _by_number)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whoever runs a command in a program may have put another there
            stream.reconfigure(errors=_BY_NUMBER)


def _by_number(error: UnicodeError) -> tuple[str, int]:
    import json

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
