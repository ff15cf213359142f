"""One table of a settings file made into one model, or every reason why not."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from portes.contract.durations import WRITTEN
from portes.contract.suggestions import did_you_mean
from portes.errors import Problem, RequestError, SettingsError, pass_interrupt
from portes.redaction import MASK, secrets_in
from portes.settings.messages import OF_FORMAT, OF_LISTS, OF_TABLES, words
from portes.settings.schema import Shape, shape_of
from portes.settings.source import FILE_PREFIX, SettingsFile, below, expand, is_reference, stray, unseen

Model = TypeVar("Model", bound=BaseModel)
Steps = tuple[str | int, ...]

_NUMBERS: Final = {"integer", "number", "decimal"}
_OF_LISTS: Final = re.compile(r"^(origins|boxes|rules)\.\d+(?=\.)")
"""One table of a list, in a place; headings inside it do not count."""
_DISCREET: Final = (
    "password",
    "pass",
    "pwd",
    "senha",
    "secret",
    "token",
    "key",
    "chave",
    "clave",
    "access",
    "auth",
    "pin",
)


class CrashedModelError(Exception):
    """A model's own check broke off with no finding: a fault of whoever wrote the model, which is its cause."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        super().__init__("a check of the settings crashed")
        self.mask = mask
        """Masks in a text whatever was taken from outside, and secrets."""


def fit(
    model: type[Model], table: object, where: str, source: SettingsFile, later: Collection[str] = ()
) -> Model | None:
    """Expand, check and validate one table; None when anything was wrong, and the file's problems say what.

    The keys in `later` are left as they stand, references and all: somebody else fits them with a model of
    their own. Texts from the environment and from files never show in a problem.
    """
    if isinstance(table, dict):
        return _Fit(model, table, where, source, later).fitted()
    cause, fix, _ = words("dict_type", "", {})
    fix = _brackets("dict_type", table, where, several=False) or fix
    source.problems.add(where, MASK if shape_of(model).holds_secret(()) else value_words(table), cause, fix)
    return None


def refuse_plain(model: type[BaseModel], table: Mapping[str, Any], where: str, source: SettingsFile) -> None:
    """Look only for secrets that stand in a table in plain text: no reference is followed, nothing else checked."""
    shape = shape_of(model)
    for path, value in _leaves(table, ()):
        if shape.is_secret(path) and str(value) and not _is_taken(value):
            _refuse_plain(_key(where, path), source)


def value_words(value: object) -> str:
    """A TOML value in words for a message; tables and lists are named, not printed: a secret may stand in them."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


class _Fit(Generic[Model]):
    def __init__(
        self, model: type[Model], table: dict[str, Any], where: str, source: SettingsFile, later: Collection[str]
    ) -> None:
        self._model = model
        self._table = table
        self._where = where
        self._outer = source
        self._source = source.afresh()
        self._later = later
        self._shape: Shape = shape_of(model)
        now = {key: value for key, value in table.items() if key not in later}
        self._expanded = expand(now, where, self._source)
        self._leaves = list(_leaves(now, ()))
        self._bereft: set[Steps] = set()
        """Tables that lack a secret: it may stand there under an unknown name."""

    def fitted(self) -> Model | None:
        problems = self._source.problems
        self._check_secrets()
        self._check_kinds()
        instance, findings = self._validated()
        known = {problem.where for problem in problems.all()}
        problems.include(finding for finding in findings if finding.where not in known)
        if instance is not None and not problems.count:
            self._check_copies(instance)
        self._outer.problems.include(problems.all())
        return None if problems.count else instance

    def _validated(self) -> tuple[Model | None, list[Problem]]:
        kept = {key: self._table[key] for key in self._later if key in self._table}
        try:
            return self._model.model_validate({**self._expanded.tree, **kept}, context=WRITTEN), []
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            missing = [self._steps(each["loc"], "missing") for each in found if each["type"] == "missing"]
            self._bereft = {path[:-1] for path in missing if self._shape.is_secret(path)}
            return None, [self._finding(each) for each in found]
        except (RequestError, SettingsError) as error:  # a validator that reads with the contract's own parsers
            return None, [self._problem(self._where, "", *self._own_words(own)) for own in error.problems]
        except BaseException as error:
            pass_interrupt(error)
            raise CrashedModelError(self._expanded.scrub) from error

    def _problem(self, where: str, value: str, cause: str, fix: str) -> Problem:
        return Problem(where, value, cause, fix, self._source.file)

    def _own_words(self, own: Problem) -> tuple[str, str]:
        return self._expanded.scrub(own.cause), self._expanded.scrub(own.fix)

    def _check_secrets(self) -> None:
        for path, value in self._leaves:
            if not self._shape.is_secret(path):
                continue
            if not _is_taken(value):
                self._expanded.hidden |= {str(value): MASK} if str(value) else {}
                _refuse_plain(_key(self._where, path), self._source)
                continue
            secret = _at(self._expanded.tree, path)
            self._add(path, unseen(secret) if secret else ("is an empty secret", "put the secret there"))

    def _check_copies(self, instance: Model) -> None:
        """Refuse secrets that reached the model by a way its schema does not tell: a validator moved them."""
        taken = {str(_at(self._expanded.tree, path)) for path, value in self._leaves if _is_taken(value)}
        plain = {str(value): path for path, value in self._leaves if not _is_taken(value)}
        for secret in (found.text for found in secrets_in(instance)):
            if secret in plain and secret not in taken:
                _refuse_plain(_key(self._where, plain[secret]), self._source)

    def _check_kinds(self) -> None:
        """Refuse values that pydantic would take for something else: seconds, Unix times, ones and zeros."""
        for path, _ in self._leaves:
            value = _at(self._expanded.tree, path)
            flaw = stray(value) if isinstance(value, str) else None
            self._add(path, flaw or _misfit(value, self._shape.kinds(path)))

    def _add(self, path: Steps, flaw: tuple[str, str] | None) -> None:
        """Note cause and fix for the value at a path, unless something is wrong with it already."""
        where = _key(self._where, path)
        if flaw and all(problem.where != where for problem in self._source.problems.all()):
            self._source.problems.add(where, self._value(path), *flaw)

    def _finding(self, found: Mapping[str, Any]) -> Problem:
        """What pydantic found, as a problem of the file."""
        kind, path = found["type"], self._steps(found["loc"], found["type"])
        where = _key(self._where, path)
        if kind == "missing":
            return self._problem(where, "", "is missing", f"add the key {path[-1]}")
        if kind == "extra_forbidden":
            return self._unknown(path, where)
        cause, fix, ours = words(kind, found["msg"], found.get("ctx", {}))
        if found["loc"][-1:] == ("[key]",):
            return self._problem(where, str(path[-1]), cause, fix)
        several = "object" in self._shape.kinds((*path, 0))
        fix = _brackets(kind, _at(self._table, path), where, several=several) or fix
        if not ours:
            cause, fix = self._expanded.scrub(cause), self._expanded.scrub(fix)
        return self._problem(where, self._value(path), cause, fix)

    def _unknown(self, path: Steps, where: str) -> Problem:
        *parents, key = path
        today = self._shape.renamed(parents, str(key))
        if today is not None:
            return self._problem(where, self._value(path), "has another name now", f"write {today} instead")
        near = self._shape.nearest(parents, str(key))
        known = self._shape.keys(parents)
        fix = f"{did_you_mean(str(key), known)} known keys: {', '.join(known) or 'none'}".strip()
        secret = near is not None and self._shape.holds_secret((*parents, near))
        secret |= tuple(parents) in self._bereft
        secret |= bool(get_close_matches(str(key), self._shape.secret_keys(), n=1))
        value = MASK if secret or sounds_secret(str(key)) else self._value(path)
        return self._problem(where, value, "is an unknown key", fix)

    def _value(self, path: Steps) -> str:
        value = _at(self._table, path)
        if path and (path[0] in self._later or self._shape.holds_secret(path)) and not _harmless(value):
            return MASK
        return value_words(value) if path else ""

    def _steps(self, location: tuple[str | int, ...], kind: str) -> Steps:
        """The keys of the file that a finding points at; pydantic also names union branches, which no file holds."""
        value: object = self._table
        steps: Steps = ()
        for part in location:
            found, inside = _child(value, part)
            if found:
                value, steps = inside, (*steps, part)
        return (*steps, location[-1]) if kind == "missing" else steps


def _brackets(kind: str, value: object, where: str, *, several: bool) -> str:
    """The heading to write where its brackets were one too few or too many; empty where that is not it."""
    heading = _OF_LISTS.sub(r"\1", where)
    if kind in OF_LISTS and several and isinstance(value, dict):
        return f"write [[{heading}]], with two brackets, above each of them"
    if kind in OF_TABLES and isinstance(value, list) and value and isinstance(value[0], dict):
        return f"write [{heading}], with one bracket, and only once"
    return ""


def _misfit(value: object, kinds: AbstractSet[str]) -> tuple[str, str] | None:
    """Cause and fix for a value of the wrong kind; None for one that may pass."""
    times, numbers = kinds & OF_FORMAT.keys(), kinds & _NUMBERS
    if times and not numbers and (isinstance(value, int | float) or _is_digits(value)):
        return words(OF_FORMAT[min(times)], "", {})[:2]
    if isinstance(value, bool) and numbers and "boolean" not in kinds:
        return words("truth", "", {})[:2]
    if isinstance(value, float) and "decimal" in kinds:
        return "is a binary fraction, which cannot hold every amount exactly", f'write it in quotes: "{value}"'
    return None


def _is_digits(value: object) -> bool:
    return isinstance(value, str) and value.strip().isdigit()


def _key(where: str, path: Steps) -> str:
    for part in path:
        where = below(where, part)
    return where


def _refuse_plain(where: str, source: SettingsFile) -> None:
    fix = f'write "${{{_variable(where)}}}" and set that environment variable, or "{FILE_PREFIX}PATH"'
    source.problems.add(where, MASK, "is a secret in plain text", fix)


def _at(tree: Any, path: Steps) -> Any:  # noqa: ANN401 — a TOML value
    for part in path:
        tree = tree[part]
    return tree


def sounds_secret(key: str) -> bool:
    """Whether an unknown key may be the misspelt name of a secret: `pasword`, `acess_code`."""
    parts = re.split(r"[^a-z]+", key.lower())
    return any(get_close_matches(part, _DISCREET, n=1, cutoff=0.75) for part in parts)


def _child(value: object, part: str | int) -> tuple[bool, object]:
    if isinstance(value, dict) and part in value:
        return True, value[part]
    if isinstance(value, list) and isinstance(part, int):
        return True, value[part]
    return False, None


def _harmless(value: object) -> bool:
    return isinstance(value, dict | list) or _is_taken(value)


def _is_taken(value: object) -> bool:
    return isinstance(value, str) and is_reference(value)


def _leaves(tree: object, path: Steps) -> Iterator[tuple[Steps, object]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _leaves(value, (*path, index))
    else:
        yield path, tree


def _variable(where: str) -> str:
    """A name to suggest for the secret at a key path: `channels.netshoes.auth.password` → `NETSHOES_PASSWORD`."""
    parts = [part for part in where.split(".") if not part.isdigit()]
    named = dict.fromkeys((*parts[1:2], *parts[-1:]))
    return "_".join("".join(c if c.isalnum() and c.isascii() else "_" for c in part).upper() for part in named)
