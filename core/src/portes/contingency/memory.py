"""What carriers said for tables, kept in the state folder: a build that was killed goes on, and drift knows ages.

One SQLite file of mode 0600:
    answers     what one carrier said of one shipment, and when, by all that can change the answer
    lanes       how old the answer of each lane of a table is, by the table's recipe
Failures are not kept: whoever failed is asked again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert

from portes.contract import Answer
from portes.database import Database, DatabaseForm
from portes.engine.cache_key import CacheKey

FILE_NAME: Final = "samples.sqlite"
_SCHEMA: Final = 1
_WAIT: Final = 10.0
"""Seconds that another build's lock is waited for."""
_ASKED_AT_ONCE: Final = 500
"""Questions looked for by one statement; SQLite takes 999 variables in its oldest versions."""

_METADATA: Final = MetaData()
_ANSWERS: Final = Table(
    "answers",
    _METADATA,
    Column("question", Text, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
_LANES: Final = Table(
    "lanes",
    _METADATA,
    Column("recipe", Text, primary_key=True),
    Column("postal_code", Text, primary_key=True),
    Column("weight", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    sqlite_with_rowid=False,
)
_NEW_ANSWER: Final = insert(_ANSWERS)
_KEEP_ANSWER: Final = _NEW_ANSWER.on_conflict_do_update(
    set_={"at": _NEW_ANSWER.excluded.at, "body": _NEW_ANSWER.excluded.body}
)
_NEW_LANE: Final = insert(_LANES)
_KEEP_LANE: Final = _NEW_LANE.on_conflict_do_update(set_={"at": _NEW_LANE.excluded.at})


class KeptAnswer(NamedTuple):
    """A carrier's answer without failures, and when it was given."""

    answer: Answer
    at: int
    """Seconds since 1970."""


class LaneAge(NamedTuple):
    """A lane of a table, and when the oldest answer behind its price was given."""

    postal_code: str
    weight: int
    """Grams."""
    at: int
    """Seconds since 1970."""


class SampleMemory:
    """The file, for one thread; made when it is first written to. Every method raises `DatabaseError`."""

    def __init__(self, state: Path) -> None:
        self._database = Database(state / FILE_NAME, DatabaseForm(_METADATA, _SCHEMA), _WAIT)

    def recall(self, keys: Iterable[CacheKey], since: int) -> Mapping[CacheKey, KeptAnswer]:
        """The answers to these questions that were given since a moment, in seconds since 1970."""
        names = {question_name(key): key for key in keys}
        kept: dict[CacheKey, KeptAnswer] = {}
        with self._database.reading() as connection:
            for some in _parts(tuple(names)) if connection is not None else ():
                query = select(_ANSWERS).where(_ANSWERS.c.question.in_(some), _ANSWERS.c.at >= since)
                for name, at, body in connection.execute(query) if connection is not None else ():
                    kept[names[name]] = KeptAnswer(Answer.model_validate_json(body), at)
        return kept

    def remember(self, answers: Mapping[CacheKey, KeptAnswer]) -> None:
        """Keep some answers, all of them or none."""
        rows = [
            {"question": question_name(key), "at": kept.at, "body": kept.answer.model_dump_json(exclude_defaults=True)}
            for key, kept in answers.items()
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(_KEEP_ANSWER, rows)

    def note_ages(self, recipe: str, lanes: Iterable[LaneAge]) -> None:
        """Keep how old some lanes of a table are, by the fingerprint of its recipe."""
        rows = [{"recipe": recipe, **lane._asdict()} for lane in lanes]
        if rows:
            with self._database.writing() as connection:
                connection.execute(_KEEP_LANE, rows)

    def ages(self, recipe: str) -> list[LaneAge]:
        """How old the lanes of a table are, in the order of their postal codes and weights."""
        lanes = _LANES.c
        query = select(lanes.postal_code, lanes.weight, lanes.at).where(lanes.recipe == recipe)
        with self._database.reading() as connection:
            if connection is None:
                return []
            return [LaneAge(*row) for row in connection.execute(query.order_by(lanes.postal_code, lanes.weight))]

    def forget(self, before: int) -> None:
        """Delete the answers given before a moment, in seconds since 1970: nobody takes them any more."""
        with self._database.writing() as connection:
            connection.execute(delete(_ANSWERS).where(_ANSWERS.c.at < before))

    def close(self) -> None:
        """Close the connection to the file."""
        self._database.close()


def question_name(key: CacheKey) -> str:
    """The name that a question is kept under, on whatever day it is asked."""
    return sha256(json.dumps(key.date_independent).encode()).hexdigest()[:32]


def _parts(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + _ASKED_AT_ONCE] for start in range(0, len(names), _ASKED_AT_ONCE))
