"""Where a value comes from: the file, the environment or a secret file."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unicodedata import category

from portes.errors import Problems, shown
from portes.files import FileTooLargeError, RefusedFileError, read_limited

FILE_PREFIX: Final = "file:"
_LARGEST_FILE: Final = 65_536  # bytes; a secret is short
_REFERENCE: Final = re.compile(r"(\$?)\$\{([^}]*)\}")
_PUBLIC_PEM: Final = re.compile(
    r"-----BEGIN (?P<kind>[A-Z ]*PUBLIC KEY)-----\r?\n[A-Za-z0-9+/=\r\n]+\r?\n-----END (?P=kind)-----[\r\n]*"
)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def below(where: str, part: str | int) -> str:
    """The key path one step further down: `carriers.correios` and `timeout`; odd keys are escaped."""
    step = shown(str(part))
    return f"{where}.{step}" if where else step


class SettingsFile:
    """One settings file, the environment it may quote, and all that was found wrong with it so far."""

    def __init__(self, file: Path, environ: Mapping[str, str], *, follow_links: bool = False) -> None:
        self.file = file
        self.environ = environ
        self.follow_links = follow_links
        """Whether a secret file may be a link that leads out of the file's folder."""
        self.problems = Problems(file, most=None)

    def afresh(self) -> "SettingsFile":
        """The same file, of which nothing is known to be wrong: for a part that is looked at by itself."""
        return SettingsFile(self.file, self.environ, follow_links=self.follow_links)


@dataclass
class Expanded:
    """A tree of TOML values with its references replaced, and what must never be printed of it."""

    tree: Any = field(repr=False)
    hidden: dict[str, str] = field(repr=False)
    """Each text taken from outside, and the reference that stands for it in a message."""

    def scrub(self, text: str) -> str:
        """Put the reference back where a taken text shows in a message."""
        for taken in sorted(self.hidden, key=len, reverse=True):
            text = text.replace(taken, self.hidden[taken])
        return text


def is_reference(text: str) -> bool:
    """Whether a text takes something from the environment or from a file."""
    return text.startswith(FILE_PREFIX) or any(not match[1] for match in _REFERENCE.finditer(text))


def expand(tree: object, where: str, source: SettingsFile) -> Expanded:
    """Replace every `${NAME}` and `file:path` in the texts of a tree; each that cannot be is a problem of the file."""
    walk = _Walk(source)
    return Expanded(walk.value(tree, where), walk.hidden)


def is_public_key(text: str) -> bool:
    """Whether a text is a public key as it is published, which has several lines: PEM, or a JSON Web Key or Key Set."""
    if _PUBLIC_PEM.fullmatch(text):
        return True
    if not text.startswith("{"):
        return False
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return not told.keys().isdisjoint(("keys", "kty"))


def unseen(text: str) -> tuple[str, str] | None:
    """What nobody sees in a text and its reader stumbles over, and the way out; None when all of it is plain."""
    if is_public_key(text):
        return None
    if text.startswith("\ufeff"):
        return "begins with a byte order mark", "save it again as plain UTF-8, without a byte order mark"
    if "\n" in text or "\r" in text:
        verb = "holds" if text == text.strip("\r\n") else "begins" if text[0] in "\r\n" else "ends"
        return f"{verb} {'a' if verb == 'holds' else 'with a'} line break", "write it alone on one line"
    if text != text.strip():
        return f"{'ends' if text == text.lstrip() else 'begins'} with a space", "remove the space"
    odd = next((sign for sign in text if not sign.isprintable()), None)
    return None if odd is None else (f"holds the invisible sign U+{ord(odd):04X}", "type or copy it anew")


def stray(text: str) -> tuple[str, str] | None:
    """What stands around a plain text, or in it unprinted, and the way out; a text of nothing else may be meant."""
    if is_public_key(text):
        return None
    bare = text.strip()
    if bare and bare != text:
        return unseen(text)
    if bare and any(category(sign) == "Cc" for sign in bare):
        cause = "holds a tab, a line break or another sign that cannot be printed"
        return cause, "write / in place of \\ in double quotes"
    return None


class _UnresolvedError(Exception):
    def __init__(self, cause: str, fix: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.fix = fix


class _Walk:
    def __init__(self, source: SettingsFile) -> None:
        self._source = source
        self.hidden: dict[str, str] = {}

    def value(self, value: object, where: str) -> object:
        if isinstance(value, str):
            return self._text(value, where)
        if isinstance(value, dict):
            return {key: self.value(item, below(where, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, below(where, index)) for index, item in enumerate(value)]
        return value

    def _text(self, text: str, where: str) -> str:
        try:
            if text.startswith(FILE_PREFIX):
                content = self._content(self._with_variables(text.removeprefix(FILE_PREFIX)))
                return self._hide(content, text, "the secret file")
            return self._with_variables(text)
        except _UnresolvedError as problem:
            self._source.problems.add(where, text, problem.cause, problem.fix)
            return text

    def _hide(self, taken: str, reference: str, what: str) -> str:
        if taken:
            self.hidden[taken] = reference
        flaw = unseen(taken)
        if flaw:
            cause, fix = flaw
            raise _UnresolvedError(f"{what} {cause}", fix)
        return taken

    def _with_variables(self, text: str) -> str:
        return _REFERENCE.sub(self._variable, text)

    def _variable(self, match: re.Match[str]) -> str:
        if match[1]:  # $${ writes a plain ${
            return match[0][1:]
        name = match[2]
        if not _NAME.fullmatch(name):
            raise _UnresolvedError(
                f"${{{shown(name)}}} names no environment variable",
                "write ${NAME} with letters, digits and underscores, or $${ for a plain ${",
            )
        if name not in self._source.environ:
            raise _UnresolvedError(
                f"the environment variable {name} is not set", f"set {name} before starting, or write file:PATH"
            )
        return self._hide(self._source.environ[name], f"${{{name}}}", f"the environment variable {name}")

    def _content(self, path: str) -> str:
        try:
            folder = self._source.file.parent
            within = None if self._source.follow_links else folder
            text = read_limited(folder / path, _LARGEST_FILE, within).decode()
        except FileTooLargeError:
            raise _UnresolvedError(
                "the secret file is larger than 64 KiB", "name a file that holds the secret alone"
            ) from None
        except RefusedFileError as problem:
            raise _UnresolvedError(f"the secret file {problem.strerror}", problem.fix) from None
        except UnicodeDecodeError:
            raise _UnresolvedError("the secret file is not UTF-8 text", "save it as UTF-8") from None
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else "no path"
            raise _UnresolvedError(
                f"the secret file cannot be read ({reason})",
                "write a path that starts in the folder of this file, and let the service read it",
            ) from None
        return text.removesuffix("\n").removesuffix("\r")
