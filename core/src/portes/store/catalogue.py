"""The catalogue of a store made from its table, or from the short form in `[store]`; it asks no database."""

from typing import Any, Final, cast

from portes.catalogue import Catalogue, CatalogueFacts, CatalogueSettings, CatalogueSource, KeyedSource, WholeSource
from portes.catalogue.guard import CatalogueGuard
from portes.catalogue.keyed import KeyedCatalogue, KeyedTerms
from portes.catalogue.live import LiveCatalogue, LiveTerms
from portes.catalogue.reading import CatalogueFile
from portes.catalogue.rows import RowReader
from portes.catalogue.shared import shared_catalogue
from portes.catalogue.sources.file import FileSource
from portes.redaction import Redactor
from portes.registry import CATALOGUES, Plugin
from portes.store.context import BuildContext
from portes.store.fingerprints import digest, fingerprint
from portes.store.plugin_checks import lacks_of_source

_WHERE: Final = "catalogue"
_SHORT: Final = ('catalogue_decimal = ","', 'catalogue_decimal = "."')
_LONG: Final = ('decimal = ","', 'decimal = "."')
_REFRESH: Final = 900.0
_WHOLE_SECONDS: Final = 600.0
_KEYED_SECONDS: Final = 2.0


def build_catalogue(context: BuildContext) -> Catalogue | None:
    """Make the store's catalogue; None where it has none.

    Raises `SettingsError` with every problem: those of a file, too, which belongs to the store as its tables do.
    """
    table = context.draft.catalogue
    if table is not None:
        return _CatalogueBuilder(context, dict(table), _WHERE).built()
    section = context.section
    if section.catalogue is None:
        return None
    short = {"use": "file", "path": section.catalogue, "decimal": section.catalogue_decimal}
    return _CatalogueBuilder(context, {key: value for key, value in short.items() if value}, "").built()


class _CatalogueBuilder:
    def __init__(self, context: BuildContext, table: dict[str, Any], where: str) -> None:
        """`where` is the table's key path; empty for the short form, whose keys stand in `[store]`."""
        self._context, self._table, self._where = context, table, where

    def built(self) -> Catalogue:
        context = self._context
        use = self._table.get("use")
        if not isinstance(use, str):
            names = ", ".join(context.runtime.registry.names(CATALOGUES))
            raise context.refusal(
                f"{_WHERE}.use", "" if use is None else str(use), "is missing", f"write one of {names}"
            )
        plugin = context.find(CATALOGUES, use, f"{_WHERE}.use")
        settings, source = self._source(plugin)
        if isinstance(source, FileSource) and settings.refresh is None:
            return self._of_file(source.file(_LONG if self._where else _SHORT))
        if isinstance(source, FileSource):
            source.file().read()  # what is wrong in it keeps the store from starting, as without a refresh
        return self._kept_up(plugin, settings, source)

    def _source(self, plugin: Plugin[type[CatalogueSource]]) -> tuple[CatalogueSettings, CatalogueSource]:
        context, kind = self._context, plugin.value
        with context.blaming(plugin, _WHERE):
            settings = context.settings(kind.Settings, self._table, _WHERE)
        with context.placing(_WHERE), context.blaming(plugin, _WHERE):
            source = kind(settings, self._facts())
        context.refuse_incomplete(plugin, f"{_WHERE}.use", lacks_of_source(source))
        return settings, source

    def _facts(self) -> CatalogueFacts:
        context = self._context
        return CatalogueFacts(
            store=context.draft.name,
            currency=context.section.currency,
            folder=context.file.parent,
            origins=context.draft.numbers,
            links_within=None if context.follow_links else context.file.parent,
        )

    def _of_file(self, file: CatalogueFile) -> Catalogue:
        """A file as it is now: entries in memory, or rows that the processes share, where there are many."""
        context = self._context
        context.versions[_WHERE] = file.fingerprint
        return shared_catalogue(file, context.state, context.draft.name, context.runtime.clock)

    def _kept_up(
        self, plugin: Plugin[type[CatalogueSource]], settings: CatalogueSettings, source: CatalogueSource
    ) -> Catalogue:
        context, facts = self._context, self._facts()
        told = fingerprint(plugin.name, (settings,))
        context.versions[_WHERE] = f"{told} {plugin.version}"
        reader = RowReader(facts.currency, facts.origins, getattr(settings, "decimal", None) or ".", facts.store)
        guard = CatalogueGuard(facts.store, plugin.name, Redactor.of(settings).text)
        if source.by_key:
            keyed = KeyedTerms(
                settings.timeout or _KEYED_SECONDS,
                settings.remember,
                settings.remember_absent,
                settings.remember_most,
                settings.most_age,
            )
            return KeyedCatalogue(cast("KeyedSource", source), reader, keyed, guard, context.runtime.clock)
        known = None if facts.origins is None else sorted(facts.origins)
        identity = digest(f"{told} {plugin.brought_by} {facts.currency} {known}")
        terms = LiveTerms(
            identity,
            context.state,
            settings.refresh or _REFRESH,
            settings.timeout or _WHOLE_SECONDS,
            settings.most_age,
        )
        return LiveCatalogue(cast("WholeSource", source), reader, terms, guard, context.runtime.clock)


__all__ = ["build_catalogue"]
