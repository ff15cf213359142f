"""Receipts as commands need them: found by an id, with the store they belong to; it tells no story."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from portes.errors import Problem, RequestError, SettingsError, shown
from portes.receipts.database import FILE_NAME, ReceiptDatabase, ReceiptDatabaseError, ReceiptPlace
from portes.receipts.receipt import Receipt
from portes.settings import StoreDraft, draft_store, find_store_files


@dataclass(frozen=True)
class FoundReceipt:
    """A receipt that was found."""

    receipt: Receipt
    file: Path
    """The settings file of its store."""
    earlier: Sequence[Receipt]
    """Other receipts with the same id of the asker's, newest first."""


def find_receipt(name: str, path: Path) -> FoundReceipt:
    """The receipt with our id or the asker's, the newest where the asker's repeats, of the stores under a path.

    The stores need not be fit to start: only where they keep their state is read. Raises `SettingsError` when none
    keeps receipts or their database cannot be read, `RequestError` when there is no such receipt.
    """
    drafts = [draft_store(file, os.environ) for file in find_store_files([path])]
    databases = _databases(drafts)
    files = {draft.name: draft.file for draft in drafts}
    every = sorted(_matching_receipts(name, databases), key=lambda receipt: receipt.moment, reverse=True)
    found = [receipt for receipt in every if receipt.store in files]
    if every and not found:
        raise _of_another_store(name, every[0].store)
    if not found:
        where = ", ".join(map(str, databases))
        fix = f"receipts of {where} are written within a second or two, and deleted after some days"
        raise RequestError(Problem("ID", shown(name), "is the id of no quote and of no question that is kept", fix))
    return FoundReceipt(found[0], files[found[0].store], found[1:])


def changed(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The parts whose settings or versions are not what they were."""
    return sorted(part for part in {**then, **now} if then.get(part) != now.get(part))


def _databases(drafts: Iterable[StoreDraft]) -> list[Path]:
    unread = [draft for draft in drafts if draft.service is None]
    if unread:
        raise SettingsError(problem for draft in unread for problem in draft.problems)
    folders = {_state(draft): None for draft in drafts}
    databases = [folder / FILE_NAME for folder in folders if folder is not None]
    if not databases:
        fix = 'add state = "state" to [service]: from then on receipts are kept'
        raise SettingsError(
            Problem("service.state", "", "is not set, so no receipts are kept", fix, file=str(draft.file))
            for draft in drafts
        )
    return databases


def _state(draft: StoreDraft) -> Path | None:
    if draft.service is None or draft.service.state is None:
        return None
    return draft.file.resolve().parent / draft.service.state


def _matching_receipts(name: str, databases: Iterable[Path]) -> list[Receipt]:
    return [receipt for path in databases for receipt in _receipts_in(name, path)]


def _receipts_in(name: str, path: Path) -> list[Receipt]:
    try:
        with closing(ReceiptDatabase(path)) as database:
            return list(_readable(database, database.find(name)))
    except ReceiptDatabaseError as error:
        raise SettingsError(Problem("service.state", "", str(error), "see docs/receipts.md")) from None


def _readable(database: ReceiptDatabase, places: Iterable[ReceiptPlace]) -> Iterator[Receipt]:
    """The receipts, newest first; older ones of another version are left out. Raises where the newest is one."""
    any_told = False
    for place in places:
        try:
            receipt = database.read(place)
        except ReceiptDatabaseError:
            if not any_told:
                raise
            continue
        if receipt is not None:
            any_told = True
            yield receipt


def _of_another_store(name: str, store: str) -> RequestError:
    """Its story told, or decided again, by the settings of a store that only shares the folder would be a false one."""
    fix = "name that store's file with --store, or the folder that holds it"
    return RequestError(Problem("ID", shown(name), f"is a receipt of the store {shown(store)}", fix))
