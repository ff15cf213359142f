"""The example alerts and the documents against the metrics that there are."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml

from portes.contract import FailureKind, Source
from portes.engine.breaker import Circuit
from portes.store import Opener
from portes.web.admin.reload_page import ReloadPage
from portes.web.monitoring.budget import CAUSES
from portes.web.monitoring.gauges import drift_gauges, slo_gauges, vitals_gauges, worker_gauges
from portes.web.monitoring.metrics import _AGES, REGISTRY
from portes.web.monitoring.slo import WINDOWS
from portes.web.monitoring.vitals import WorkerStatus
from portes.web.reload.generation import GenerationFile
from portes.web.reload.parent import ParentReloader
from portes.web.reload.store_loader import StoreLoader

DOCS = Path(__file__).parents[2] / "docs"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DOCS / "alerts" / "portes.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
SERVICE = (DOCS / "service.md").read_text(encoding="utf-8")
HISTOGRAM = ("_bucket", "_sum", "_count")
KNOWN: dict[str, set[str]] = {
    "cause": {*CAUSES, "rejected_credentials"},
    "state": {state.value for state in Circuit},
    "source": {source.value for source in Source},
    "kind": {"invalid_reply", *(kind.value for kind in FailureKind)},
    "outcome": {"rate", "refusal", "failure"},
    "window": set(WINDOWS),
    "le": {str(float(bound)) for bound in _AGES},
}
"""The values that a label can have."""
EACH = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
EXPRESSIONS = pytest.mark.parametrize(
    "expression",
    [*(rule["expr"] for rule in RULES), *re.findall(r"^```promql\n(.*?)^```", OPERATIONS, re.MULTILINE | re.DOTALL)],
)
"""Those of the rules, and those that the page has for a person to type."""


def exported(folder: Path) -> dict[str, set[str]]:
    """Every metric of /metrics and its labels, whether anything was counted yet or not."""
    reloads = ReloadPage(ParentReloader(StoreLoader([], Opener()), GenerationFile(folder)))
    counts = [(family, metric._labelnames) for metric in REGISTRY._collector_to_names for family in metric.describe()]  # type: ignore[attr-defined]
    parent = (*worker_gauges(WorkerStatus((), 0), {}), *slo_gauges({}), *drift_gauges([]), *reloads.collect())
    families = (*vitals_gauges([]), *parent)
    gauges = [(family, family._labelnames) for family in families]  # type: ignore[attr-defined]
    labelled = {name: set(labels) for family, labels in (*counts, *gauges) for name in series(family)}
    return {name: labels | {"le"} if name.endswith("_bucket") else labels for name, labels in labelled.items()}


def series(family: Any) -> Iterator[str]:
    if family.type == "histogram":
        yield from (f"{family.name}{end}" for end in HISTOGRAM)
    else:
        yield f"{family.name}_total" if family.type == "counter" else family.name


def selectors(expression: str) -> list[promql.VectorSelector]:
    """Each metric in an expression of Prometheus, with what its labels are matched by."""
    found: list[promql.VectorSelector] = []

    def note(node: promql.Expr) -> None:
        if isinstance(node, promql.MatrixSelector):
            found.append(node.vector_selector)
        elif isinstance(node, promql.VectorSelector):
            found.append(node)

    promql.walk(promql.parse(expression), note)
    return found


def labels_of(selector: promql.VectorSelector) -> set[str]:
    return {matcher.name for matcher in selector.matchers.matchers}


def grouped(expression: str) -> set[str]:
    """The labels by which an expression adds up or joins."""
    found: set[str] = set()

    def note(node: promql.Expr) -> None:
        if isinstance(node, promql.AggregateExpr) and node.modifier:
            found.update(node.modifier.labels)
        elif isinstance(node, promql.BinaryExpr) and node.modifier and node.modifier.matching:
            found.update(node.modifier.matching.labels)

    promql.walk(promql.parse(expression), note)
    return found


@EACH
def test_a_rule_has_all_that_prometheus_wants(rule: Mapping[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert isinstance(promql.parse(rule["expr"]), promql.Expr)


@pytest.mark.parametrize(
    "broken",
    ["sum by (store (portes_circuit)", "portes_circuit{store}", "rate(portes_circuit)", "rat(up[5m])", "up and 3", ""],
)
def test_an_expression_that_prometheus_would_refuse_is_found_broken(broken: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — each is refused in words of its own
        promql.parse(broken)


@EXPRESSIONS
def test_every_metric_and_label_of_an_expression_is_exported(expression: str, tmp_path: Path) -> None:
    found = {**exported(tmp_path), "up": {"job"}}
    used = [(one.name or "", labels_of(one)) for one in selectors(expression)]

    assert used
    assert [name for name, labels in used if name not in found or not labels <= found[name]] == []
    assert grouped(expression) <= set().union(*(found[name] for name, _ in used))


@EXPRESSIONS
def test_every_value_that_an_expression_looks_for_can_occur(expression: str) -> None:
    """Of those labels whose values are ours to choose."""
    matchers = [matcher for one in selectors(expression) for matcher in one.matchers.matchers]
    unknown = [
        f"{matcher.name}={value}"
        for matcher in matchers
        for value in matcher.value.split("|")
        if value not in KNOWN.get(matcher.name, {value})
    ]

    assert unknown == []


@EACH
def test_every_alarm_is_explained_under_its_name(rule: Mapping[str, Any]) -> None:
    assert f"### `{rule['alert']}`\n" in OPERATIONS


def test_no_two_rules_have_one_name() -> None:
    names = [rule["alert"] for rule in RULES]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_of_a_lost_answer_is_explained(cause: str) -> None:
    assert f"| `{cause}` |" in OPERATIONS


def test_every_metric_is_documented_with_its_labels(tmp_path: Path) -> None:
    rows = dict(re.findall(r"^\| `(portes_\w+)` \|([^|]*)\|", SERVICE, re.MULTILINE))
    told = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows.items()}
    short = {name.removesuffix("_bucket"): labels - {"le"} for name, labels in exported(tmp_path).items()}
    wanted = {name: labels for name, labels in short.items() if not name.endswith(("seconds_sum", "seconds_count"))}

    assert {name: labels for name, labels in wanted.items() if told.get(name) != labels} == {}
