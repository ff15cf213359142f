"""The suite that every carrier plugin passes, as tests; each is one check of `portes_testing.checks`."""

from typing import ClassVar

from portes_testing.case import Case, OwnFault, Scenario
from portes_testing.checks import (
    answers,
    discretion,
    faults,
    optional,
    order,
    outcomes,
    own_faults,
    purity,
    rates,
    recordings,
    services,
    settings,
    threads,
    tokens,
    waiting,
)
from portes_testing.checks.faults import FaultInjection
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.overrides import Suite


class CarrierContract(Suite):
    """Derive a test class, give it a `case`, and the suite runs on your carrier. See docs/contract-kit.md."""

    case: ClassVar[Case]
    """The plugin under test."""

    def test_it_is_found_by_its_entry_point(self, under_test: CarrierUnderTest) -> None:
        """The name in `use = "…"` leads to the plugin's class."""
        settings.found_by_its_entry_point(under_test)

    def test_every_setting_is_described(self, under_test: CarrierUnderTest) -> None:
        """Each key has a sentence for the operator."""
        settings.every_setting_is_described(under_test)

    def test_settings_are_strict(self, under_test: CarrierUnderTest) -> None:
        """A misspelled key is an error."""
        settings.settings_are_strict(under_test)

    def test_secrets_are_discreet(self, under_test: CarrierUnderTest) -> None:
        """The settings and the carrier's repr show no secret."""
        settings.secrets_are_discreet(under_test)

    def test_abilities_are_stable(self, under_test: CarrierUnderTest) -> None:
        """The abilities do not change while the carrier works."""
        purity.abilities_are_stable(under_test)

    def test_instant_is_what_it_says(self, under_test: CarrierUnderTest) -> None:
        """An instant carrier never waits, another one asks somebody."""
        purity.instant_is_what_it_says(under_test)

    def test_every_active_service_is_accounted_for(self, under_test: CarrierUnderTest) -> None:
        """Each active service has exactly one outcome."""
        answers.every_active_service_is_accounted_for(under_test)

    def test_an_inactive_service_is_absent(self, under_test: CarrierUnderTest) -> None:
        """A service that is switched off is neither asked nor answered."""
        answers.an_inactive_service_is_absent(under_test)

    def test_only_what_is_named_is_answered(self, under_test: CarrierUnderTest) -> None:
        """A shipment that names services gets these, as among all, and no others."""
        services.only_what_is_named_is_answered(under_test)

    def test_nobody_is_asked_about_what_is_not_named(self, under_test: CarrierUnderTest) -> None:
        """A shipment that names services leads to no call for others."""
        services.nobody_is_asked_about_what_is_not_named(under_test)

    def test_served_is_rated(self, under_test: CarrierUnderTest) -> None:
        """An ordinary parcel gets a rate from every service."""
        outcomes.served_is_rated(under_test)

    def test_unserved_is_refused(self, under_test: CarrierUnderTest) -> None:
        """A place where nobody goes is a refusal, no failure."""
        outcomes.unserved_is_refused(under_test)

    def test_too_heavy_is_refused(self, under_test: CarrierUnderTest) -> None:
        """A parcel beyond the limits is a refusal."""
        outcomes.too_heavy_is_refused(under_test)

    def test_several_parcels_are_priced_together(self, under_test: CarrierUnderTest) -> None:
        """Several parcels cost more than the first alone."""
        rates.several_parcels_are_priced_together(under_test)

    def test_equal_parcels_cost_the_same_however_they_are_listed(self, under_test: CarrierUnderTest) -> None:
        """Equal parcels cost the same, counted or listed."""
        rates.equal_parcels_cost_the_same_however_they_are_listed(under_test)

    def test_money_days_and_units_are_sane(self, under_test: CarrierUnderTest) -> None:
        """Prices are whole minor units of the store's currency, days of a calendar that exists."""
        rates.money_days_and_units_are_sane(under_test)

    def test_the_dispatch_date_matters_only_to_a_dated_carrier(self, under_test: CarrierUnderTest) -> None:
        """The dispatch date changes nothing unless the carrier says so: the cache relies on it."""
        rates.the_dispatch_date_matters_only_to_a_dated_carrier(under_test)

    def test_the_same_question_gets_the_same_answer(self, under_test: CarrierUnderTest) -> None:
        """Equal questions get equal answers: the cache relies on it."""
        order.the_same_question_gets_the_same_answer(under_test)

    def test_answers_keep_the_order_of_the_shipments(self, under_test: CarrierUnderTest) -> None:
        """The answers come in the order of the shipments."""
        order.answers_keep_the_order_of_the_shipments(under_test)

    def test_a_full_batch_is_answered_as_each_alone(self, under_test: CarrierUnderTest) -> None:
        """A full batch gets the answers that each shipment gets alone."""
        order.a_full_batch_is_answered_as_each_alone(under_test)

    def test_shipments_are_left_as_they_were(self, under_test: CarrierUnderTest) -> None:
        """The shipments are unchanged: other carriers read them meanwhile."""
        order.shipments_are_left_as_they_were(under_test)

    def test_the_deadline_is_kept(self, under_test: CarrierUnderTest) -> None:
        """A silent server costs the timeout and no more."""
        waiting.the_deadline_is_kept(under_test)

    def test_a_passed_deadline_costs_nothing(self, under_test: CarrierUnderTest) -> None:
        """A passed deadline leads to no call."""
        waiting.a_passed_deadline_costs_nothing(under_test)

    def test_it_opens_no_connection_of_its_own(self, under_test: CarrierUnderTest) -> None:
        """All connections are those of `tools.http`."""
        purity.it_opens_no_connection_of_its_own(under_test)

    def test_it_reads_no_clock_of_its_own(self, under_test: CarrierUnderTest) -> None:
        """All time comes from `tools.clock` and the deadline."""
        purity.it_reads_no_clock_of_its_own(under_test)

    def test_it_reads_no_environment(self, under_test: CarrierUnderTest) -> None:
        """All settings come from the store's file."""
        purity.it_reads_no_environment(under_test)

    def test_it_starts_no_thread_of_its_own(self, under_test: CarrierUnderTest) -> None:
        """All side-by-side calls go through `tools.gather`."""
        purity.it_starts_no_thread_of_its_own(under_test)

    def test_a_token_is_fetched_once_for_many_threads(self, under_test: CarrierUnderTest) -> None:
        """Twenty cold questions at once cost one login."""
        tokens.a_token_is_fetched_once_for_many_threads(under_test)

    def test_a_token_is_renewed_when_it_ends(self, under_test: CarrierUnderTest) -> None:
        """A token that ended is renewed before a call is rejected."""
        tokens.a_token_is_renewed_when_it_ends(under_test)

    def test_a_rejected_token_is_dropped(self, under_test: CarrierUnderTest) -> None:
        """A rejected token is dropped, and the question asked once more."""
        tokens.a_rejected_token_is_dropped(under_test)

    def test_many_threads_get_the_answers_of_one(self, under_test: CarrierUnderTest) -> None:
        """The answers to many threads are those to one."""
        threads.many_threads_get_the_answers_of_one(under_test)

    def test_no_secret_leaves(self, under_test: CarrierUnderTest) -> None:
        """No log line, error, answer or repr holds a secret."""
        discretion.no_secret_leaves(under_test)

    def test_a_diagnosis_can_be_read(self, under_test: CarrierUnderTest) -> None:
        """A diagnosis, where there is one, is readable whatever goes wrong."""
        optional.a_diagnosis_can_be_read(under_test)

    def test_warming_up_changes_no_answer(self, under_test: CarrierUnderTest) -> None:
        """A warm carrier gives the answers of a cold one."""
        optional.warming_up_changes_no_answer(under_test)

    def test_moods_of_the_sandbox_are_described(self, under_test: CarrierUnderTest) -> None:
        """Each mood of the sandbox has a sentence."""
        optional.moods_of_the_sandbox_are_described(under_test)

    def test_a_scenario_ends_as_declared(self, under_test: CarrierUnderTest, scenario: Scenario) -> None:
        """Each scenario of the case ends as declared in the sandbox."""
        outcomes.ends_as_declared(under_test, scenario)

    def test_every_cassette_has_its_provenance(self, under_test: CarrierUnderTest) -> None:
        """Each cassette has its origin, date and structure on record."""
        recordings.every_cassette_has_its_provenance(under_test)

    def test_cassettes_hold_no_secret(self, under_test: CarrierUnderTest) -> None:
        """The published recordings hold no secret."""
        recordings.cassettes_hold_no_secret(under_test)

    def test_a_recording_replays_to_its_end(
        self, under_test: CarrierUnderTest, recorded_scenario: Scenario | None
    ) -> None:
        """Each recorded call is made again, none is left over and none is new."""
        recordings.a_recording_replays_to_its_end(under_test, recorded_scenario)

    def test_the_sandbox_answers_as_it_was_recorded(
        self, under_test: CarrierUnderTest, simulated_scenario: Scenario | None
    ) -> None:
        """The sandbox still has the structure of its recordings."""
        recordings.the_sandbox_answers_as_it_was_recorded(under_test, simulated_scenario)

    def test_a_fault_is_told_as_what_it_is(
        self, under_test: CarrierUnderTest, injection: FaultInjection | None
    ) -> None:
        """Each fault of the table, done to each kind of recorded answer, is reported as what it is."""
        faults.a_fault_is_told_as_what_it_is(under_test, injection)

    def test_own_faults_are_declared(self, under_test: CarrierUnderTest) -> None:
        """The case says how we can be wrong about origin, credentials, contract and request."""
        own_faults.own_faults_are_declared(under_test)

    def test_an_own_fault_is_a_failure(self, under_test: CarrierUnderTest, own_fault: OwnFault | None) -> None:
        """What is wrong with us is a failure of the services that it strikes, never a refusal."""
        own_faults.an_own_fault_is_a_failure(under_test, own_fault)

    def test_an_own_fault_leads_to_the_fallback(self, under_test: CarrierUnderTest, own_fault: OwnFault | None) -> None:
        """The engine asks the carrier's fallback, and the quote is served by it."""
        own_faults.an_own_fault_leads_to_the_fallback(under_test, own_fault)

    def test_an_own_fault_is_not_remembered(self, under_test: CarrierUnderTest, own_fault: OwnFault | None) -> None:
        """Once we are right again, the carrier is asked again and gives its rates."""
        own_faults.an_own_fault_is_not_remembered(under_test, own_fault)

    def test_a_diagnosis_names_an_own_fault(self, under_test: CarrierUnderTest, own_fault: OwnFault | None) -> None:
        """The doctor names what is wrong with us, with its cause and what to do."""
        own_faults.a_diagnosis_names_an_own_fault(under_test, own_fault)


__all__ = ["CarrierContract"]
