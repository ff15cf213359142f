"""The suite that every carrier plugin passes, as tests; each is one check of `portes_testing.checks`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from portes_testing.case import Case, Scenario
from portes_testing.checks import (
    answers,
    discretion,
    faults,
    optional,
    order,
    outcomes,
    purity,
    rates,
    recordings,
    settings,
    threads,
    tokens,
    waiting,
)
from portes_testing.checks.faults import Breakage
from portes_testing.harness.carrier_under_test import Bench
from portes_testing.overrides import departures


class CarrierContract:
    """Derive a test class, give it a `case`, and the suite runs on your carrier. See docs/contract-kit.md."""

    case: ClassVar[Case]
    """The plugin on trial."""
    exempt: ClassVar[Mapping[str, str]] = {}
    """Tests that are known to fail, and why. They run all the same; one that passes asks to be taken off the list."""

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 — handed through
        super().__init_subclass__(**kwargs)
        problems = departures(cls, CarrierContract, cls.exempt)
        if problems:
            raise TypeError("; ".join(problems))

    def test_it_is_found_by_its_entry_point(self, bench: Bench) -> None:
        """`use = "…"` leads to the class."""
        settings.found_by_its_entry_point(bench)

    def test_every_setting_is_described(self, bench: Bench) -> None:
        """An operator can look each key up."""
        settings.every_setting_is_described(bench)

    def test_settings_are_strict(self, bench: Bench) -> None:
        """A misspelled key is an error."""
        settings.settings_are_strict(bench)

    def test_secrets_are_discreet(self, bench: Bench) -> None:
        """Settings show no secret."""
        settings.secrets_are_discreet(bench)

    def test_abilities_are_stable(self, bench: Bench) -> None:
        """What it can do does not change while it works."""
        purity.abilities_are_stable(bench)

    def test_instant_is_what_it_says(self, bench: Bench) -> None:
        """An instant carrier never waits, another one does ask somebody."""
        purity.instant_is_what_it_says(bench)

    def test_every_active_service_is_accounted_for(self, bench: Bench) -> None:
        """Each service in exactly one of three."""
        answers.every_active_service_is_accounted_for(bench)

    def test_an_inactive_service_is_absent(self, bench: Bench) -> None:
        """Switched off means gone."""
        answers.an_inactive_service_is_absent(bench)

    def test_served_is_rated(self, bench: Bench) -> None:
        """The ordinary case."""
        outcomes.served_is_rated(bench)

    def test_unserved_is_refused(self, bench: Bench) -> None:
        """A no is a refusal."""
        outcomes.unserved_is_refused(bench)

    def test_too_heavy_is_refused(self, bench: Bench) -> None:
        """A limit is a refusal."""
        outcomes.too_heavy_is_refused(bench)

    def test_several_parcels_are_priced_together(self, bench: Bench) -> None:
        """No parcel travels for nothing."""
        rates.several_parcels_are_priced_together(bench)

    def test_equal_parcels_cost_the_same_however_they_are_listed(self, bench: Bench) -> None:
        """Counted or listed."""
        rates.equal_parcels_cost_the_same_however_they_are_listed(bench)

    def test_money_days_and_units_are_sane(self, bench: Bench) -> None:
        """Whole minor units, the store's currency, a calendar that exists."""
        rates.money_days_and_units_are_sane(bench)

    def test_the_dispatch_date_matters_only_to_a_dated_carrier(self, bench: Bench) -> None:
        """What the cache relies on."""
        rates.the_dispatch_date_matters_only_to_a_dated_carrier(bench)

    def test_the_same_question_gets_the_same_answer(self, bench: Bench) -> None:
        """What the cache relies on, too."""
        order.the_same_question_gets_the_same_answer(bench)

    def test_answers_keep_the_order_of_the_shipments(self, bench: Bench) -> None:
        """Nobody gets another's price."""
        order.answers_keep_the_order_of_the_shipments(bench)

    def test_a_full_batch_is_answered_as_each_alone(self, bench: Bench) -> None:
        """The batch it says is the batch it can."""
        order.a_full_batch_is_answered_as_each_alone(bench)

    def test_shipments_are_left_as_they_were(self, bench: Bench) -> None:
        """Others read them at the same time."""
        order.shipments_are_left_as_they_were(bench)

    def test_the_deadline_is_kept(self, bench: Bench) -> None:
        """Silence costs its timeout and no more."""
        waiting.the_deadline_is_kept(bench)

    def test_a_passed_deadline_costs_nothing(self, bench: Bench) -> None:
        """No time, no call."""
        waiting.a_passed_deadline_costs_nothing(bench)

    def test_it_opens_no_connection_of_its_own(self, bench: Bench) -> None:
        """All over `tools.http`."""
        purity.it_opens_no_connection_of_its_own(bench)

    def test_it_reads_no_clock_of_its_own(self, bench: Bench) -> None:
        """All from `tools.clock` and the deadline."""
        purity.it_reads_no_clock_of_its_own(bench)

    def test_it_reads_no_environment(self, bench: Bench) -> None:
        """All from the settings."""
        purity.it_reads_no_environment(bench)

    def test_it_starts_no_thread_of_its_own(self, bench: Bench) -> None:
        """All through `tools.gather`."""
        purity.it_starts_no_thread_of_its_own(bench)

    def test_a_token_is_fetched_once_for_many_threads(self, bench: Bench) -> None:
        """Twenty cold calls, one login."""
        tokens.a_token_is_fetched_once_for_many_threads(bench)

    def test_a_token_is_renewed_when_it_ends(self, bench: Bench) -> None:
        """Before anybody is told no."""
        tokens.a_token_is_renewed_when_it_ends(bench)

    def test_a_rejected_token_is_dropped(self, bench: Bench) -> None:
        """And the question asked once more."""
        tokens.a_rejected_token_is_dropped(bench)

    def test_many_threads_get_the_answers_of_one(self, bench: Bench) -> None:
        """Nothing is mixed up."""
        threads.many_threads_get_the_answers_of_one(bench)

    def test_no_secret_leaves(self, bench: Bench) -> None:
        """In no log line, error, answer or repr."""
        discretion.no_secret_leaves(bench)

    def test_a_diagnosis_can_be_read(self, bench: Bench) -> None:
        """If it has one: in any weather, in words, without secrets."""
        optional.a_diagnosis_can_be_read(bench)

    def test_warming_up_changes_no_answer(self, bench: Bench) -> None:
        """If it can: the same answers, sooner."""
        optional.warming_up_changes_no_answer(bench)

    def test_moods_of_the_sandbox_are_described(self, bench: Bench) -> None:
        """Whoever plays with it knows what to play with."""
        optional.moods_of_the_sandbox_are_described(bench)

    def test_a_scenario_ends_as_declared(self, bench: Bench, scenario: Scenario) -> None:
        """Each scenario of the case, asked of the sandbox."""
        outcomes.ends_as_declared(bench, scenario)

    def test_every_cassette_has_its_provenance(self, bench: Bench) -> None:
        """Who said so, when, and in which structure."""
        recordings.every_cassette_has_its_provenance(bench)

    def test_cassettes_hold_no_secret(self, bench: Bench) -> None:
        """They are published with the plugin."""
        recordings.cassettes_hold_no_secret(bench)

    def test_a_recording_replays_to_its_end(self, bench: Bench, recorded_scenario: Scenario | None) -> None:
        """Each call as recorded, none left over, none new."""
        recordings.a_recording_replays_to_its_end(bench, recorded_scenario)

    def test_the_sandbox_answers_as_it_was_recorded(self, bench: Bench, simulated_scenario: Scenario | None) -> None:
        """A sandbox that moved on is recorded again."""
        recordings.the_sandbox_answers_as_it_was_recorded(bench, simulated_scenario)

    def test_a_fault_is_told_as_what_it_is(self, bench: Bench, breakage: Breakage | None) -> None:
        """Each fault of the table, done to each recorded answer."""
        faults.a_fault_is_told_as_what_it_is(bench, breakage)


__all__ = ["CarrierContract"]
