"""What is kept with a table of how it was made, as JSON takes it: money in minor units, weights in grams."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from portes.contingency.asking import CallCounts, Doubt
from portes.contingency.goods_sources import ChosenGoods
from portes.contingency.order import BuildOrder
from portes.contingency.recipe import Recipe
from portes.contingency.results import told_files
from portes.tables import WrittenFile

_MOST_DOUBTS: Final = 50
"""Reasons that are told, the most frequent first; one that does not stand here was met less often."""


class BuildFacts(NamedTuple):
    """What is known of a build when its lanes are found out."""

    order: BuildOrder
    recipe: Recipe
    recipe_name: str
    goods: ChosenGoods
    spent: CallCounts
    doubts: Counter[Doubt]
    silent: Sequence[str]
    """Delivery types that could not be found out on any lane, so that they are in no row."""
    counts: dict[str, int]
    """Lanes asked, the cells of the whole grid, and of them those estimated, refused and unknown."""
    oldest: int | None
    """When the oldest answer was given, in seconds since 1970; None where nothing was found out."""
    at: datetime


def report_of(facts: BuildFacts, files: Sequence[WrittenFile], notes: Sequence[str]) -> dict[str, Any]:
    """The report of a table, of the files that were written, and of what their format was told in a certain way."""
    order, recipe = facts.order, facts.recipe
    return {
        "store": recipe.policy.store,
        "portal": order.portal.name,
        "currency": recipe.policy.settings.currency,
        "at": facts.at.isoformat(timespec="seconds"),
        "recipe": facts.recipe_name,
        "origin": {"id": recipe.origin.id, "postal_code": recipe.origin.place.postal_code},
        "goods": {
            **recipe.goods.as_told(),
            "density_from": facts.goods.density_from,
            "value_from": facts.goods.value_from,
            "sku": recipe.sku,
        },
        "storefront": recipe.storefront,
        "rules_asked_for": list(order.wishes.with_rules),
        "rules_left_out": [each._asdict() for each in recipe.left_out],
        "brackets": list(order.brackets),
        "regions": [list(region) for region in order.regions],
        **order.terms.as_told(),
        "lanes": {
            "asked": facts.spent.asked,
            "remembered": facts.spent.remembered,
            "without_carrier": facts.spent.without,
        },
        "cells": facts.counts,
        "never_found_out": list(facts.silent),
        "calls": dict(facts.spent.calls),
        "doubts": [{**doubt._asdict(), "times": times} for doubt, times in facts.doubts.most_common(_MOST_DOUBTS)],
        "oldest_answer": None if facts.oldest is None else datetime.fromtimestamp(facts.oldest, UTC).isoformat(),
        "folder": None if order.out is None else str(order.out),
        "files": list(told_files(files)),
        "notes": list(notes),
    }
