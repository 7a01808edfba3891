"""From a draft to an agreement that is kept."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import NotAllowed, Refused
from programs.agreements import services
from programs.agreements.describe import step_in_words
from programs.agreements.models import Agreement, Commitment, Step
from programs.agreements.services import TermsRefused
from programs.agreements.states import State
from programs.agreements.terms import terms_of
from programs.discussion.describe import sentence
from programs.discussion.models import Notification
from programs.discussion.topics import events_of
from programs.models import Program
from programs.overlap.models import Overlap
from programs.services import LocationData, move_program
from tests import factories, worlds
from tests.programs.agreements.world import World, save

TEGUCIGALPA = (LocationData(area_id="HN-FM"),)


def state(agreement: Agreement) -> str:
    return Agreement.objects.get(pk=agreement.pk).state


class TestDrafting:
    def test_it_works(self, the: World) -> None:
        agreement = the.draft()

        assert (agreement.state, agreement.version, agreement.kind) == ("draft", 1, "area")
        assert set(agreement.programs.all()) == {the.left, the.right}
        assert {(party.organization, party.must_accept) for party in agreement.parties.all()} == {
            (the.inl, True),
            (the.aecid, True),
        }

    def test_saved_again_it_says_the_new_terms_in_the_same_version(self, the: World) -> None:
        terms = the.terms(the.commitment(text="Share the manual"), the.leave_area(), kind="share_results")

        services.save_draft(
            the.draft(), actor=the.carmen, title="Other", terms=terms, parties={the.inl.pk: False, the.aecid.pk: True}
        )

        agreement = Agreement.objects.get()
        assert (agreement.title, agreement.kind, agreement.versions.count()) == ("Other", "share_results", 1)
        assert terms_of(agreement.versions.get()) == terms
        assert agreement.parties.get(organization=the.inl).must_accept is False

    def test_only_coordinators_draft(self, the: World) -> None:
        with pytest.raises(NotAllowed):
            the.draft(actor=the.ines)

    def test_an_open_overlap_must_be_confirmed_first(self, the: World) -> None:
        Overlap.objects.update(state="open")

        with pytest.raises(Refused, match="Confirm this one first"):
            the.draft()

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"kind": "leave_area", "program": None}, "program"),
            ({"area": None}, "area"),
            ({"kind": "move_dates"}, "new_end"),
            ({"kind": "move_dates", "new_start": date(2026, 2, 1), "new_end": date(2026, 1, 1)}, "new_end"),
            ({"kind": "other", "text": " "}, "text"),
            ({"kind": "reduce_money"}, "amount"),
            ({"kind": "dance"}, "kind"),
            ({"amount": Decimal(5)}, "currency"),
            ({"amount": Decimal(-5), "currency": "USD"}, "amount"),
            ({"program": 0}, "program"),
            ({"program": 999999}, "program"),
            ({"organization": 0}, "organization"),
            ({"follow_up": " "}, "follow_up"),
            ({"due_on": date(26, 6, 30)}, "due_on"),
            ({"amount": Decimal(10) ** 15, "currency": "EUR"}, "amount"),
            ({"kind": "reduce_money", "amount": Decimal(5), "currency": "XXX"}, "currency"),
        ],
    )
    def test_what_cannot_stand_is_refused_by_its_field(self, the: World, wrong: dict, field: str) -> None:
        with pytest.raises(TermsRefused) as refusal:
            the.draft(the.terms(replace(the.leave_area(), **wrong)))

        assert (refusal.value.problems[0].row, refusal.value.problems[0].field) == (0, field)

    def test_money_is_converted_at_the_dated_rate_and_says_which(self, the: World) -> None:
        rate = factories.rate_of_today("EUR")
        the.draft(the.terms(the.leave_area(amount=Decimal("1000.00"), currency="EUR", to_program=the.left.pk)))

        row = Commitment.objects.get()
        assert (row.rate_month, row.amount_usd) == (rate.month, 1160)

    def test_nobody_but_coordinators_sees_a_draft(self, the: World) -> None:
        agreement = the.draft()

        assert agreement in Agreement.objects.visible_to(the.carmen)
        assert not Agreement.objects.visible_to(the.ines)
        assert not Notification.objects.filter(topic=agreement.topic)
        services.drop(agreement, actor=the.carmen)
        assert not Agreement.objects.visible_to(the.ines)
        assert step_in_words(agreement.steps.get(kind="dropped")) == "Carmen Coordinadora discarded the draft."


class TestProposing:
    def test_the_parties_see_it_and_are_told(self, the: World) -> None:
        agreement = the.proposed()

        for person in (the.ines, the.elena):
            assert agreement in Agreement.objects.visible_to(person)
            assert agreement in Agreement.objects.waiting_for(person.organization_ids)
            told = Notification.objects.visible_to(person).for_list().get()
            stated = sentence(told, events_of([told])[told.pk])
            assert stated == "Carmen Coordinadora proposed the agreement to the parties."
        assert not Agreement.objects.visible_to(the.victor)
        assert not Notification.objects.filter(recipient__in=[the.victor, the.carmen])

    def test_without_a_commitment_or_a_text_it_is_refused(self, the: World) -> None:
        for terms in (replace(the.terms(), commitments=()), the.terms(text=" ")):
            with pytest.raises(TermsRefused):
                the.proposed(terms)

    def test_a_party_that_may_not_see_a_program_is_told_of_it_only_if_the_coordinator_says_so(self, the: World) -> None:
        save(the.right, visibility="restricted")

        with pytest.raises(Refused, match="INL cannot see “Policía comunitaria en Choloma”"):
            the.proposed()

        told = the.proposed(tells_parties=True)
        assert list(Agreement.objects.visible_to(the.ines)) == [told]

    def test_what_becomes_restricted_later_is_hidden_from_who_may_not_see_it(self, the: World) -> None:
        agreement = the.proposed()

        Program.objects.filter(pk=the.right.pk).update(visibility="restricted")

        assert not Agreement.objects.visible_to(the.ines)
        assert not Notification.objects.visible_to(the.ines)
        assert agreement in Agreement.objects.visible_to(the.elena)


class TestAnswers:
    def test_it_is_agreed_when_all_have_accepted(self, the: World) -> None:
        agreement = the.proposed()

        services.accept(agreement, actor=the.ines, organization=the.inl, version=1)
        assert state(agreement) == "proposed"
        services.accept(agreement, actor=the.elena, organization=the.aecid, version=1)

        assert state(agreement) == "agreed"
        assert Agreement.objects.get().agreed_at is not None

    def test_a_counter_proposal_is_a_new_version_that_all_others_answer_anew(self, the: World) -> None:
        agreement = the.proposed()
        services.accept(agreement, actor=the.ines, organization=the.inl, version=1)

        services.counter(
            agreement,
            actor=the.elena,
            organization=the.aecid,
            version=1,
            terms=the.terms(text="AECID stays until June."),
            note="The school year",
        )

        agreement = Agreement.objects.get()
        assert (agreement.version, agreement.state) == (2, "proposed")
        assert [version.text for version in agreement.versions.all()] == [
            "INL keeps Choloma.",
            "AECID stays until June.",
        ]
        assert agreement in Agreement.objects.waiting_for([the.inl.pk])
        assert agreement not in Agreement.objects.waiting_for([the.aecid.pk])
        services.accept(agreement, actor=the.ines, organization=the.inl, version=2)
        assert state(agreement) == "agreed"

    def test_an_answer_to_terms_that_have_changed_is_refused(self, the: World) -> None:
        agreement = the.proposed()
        services.revise(agreement, actor=the.carmen, terms=the.terms(text="New"), version=1)

        with pytest.raises(Refused, match="Read version 2, then answer"):
            services.accept(agreement, actor=the.ines, organization=the.inl, version=1)

    def test_a_party_answers_a_version_once(self, the: World) -> None:
        agreement = the.proposed()
        services.accept(agreement, actor=the.ines, organization=the.inl, version=1)

        with pytest.raises(Refused, match="already answered this version"):
            services.decline(agreement, actor=the.ines, organization=the.inl, version=1, note="No")

    def test_declining_needs_a_reason_and_new_terms_open_it_again(self, the: World) -> None:
        agreement = the.proposed()
        with pytest.raises(Refused, match="reason"):
            services.decline(agreement, actor=the.ines, organization=the.inl, version=1, note=" ")

        services.decline(agreement, actor=the.ines, organization=the.inl, version=1, note="Congress decides")
        assert state(agreement) == "declined"
        services.revise(agreement, actor=the.carmen, terms=the.terms(text="New"), version=1)

        assert state(agreement) == "proposed"
        the.accept(agreement)
        assert state(agreement) == "agreed"

    def test_only_managers_of_a_party_answer(self, the: World) -> None:
        agreement = the.proposed()
        editor = factories.user(the.inl, "editor")
        for person, organization in ((editor, the.inl), (the.elena, the.inl), (the.carmen, the.inl)):
            with pytest.raises(NotAllowed):
                services.accept(agreement, actor=person, organization=organization, version=1)
        with pytest.raises(Refused):
            services.accept(agreement, actor=the.victor, organization=the.undp, version=1)

    def test_who_is_only_informed_need_not_accept(self, the: World) -> None:
        agreement = the.proposed(parties={the.aecid.pk: True, the.undp.pk: False})

        with pytest.raises(Refused, match="nothing to answer here"):
            services.accept(agreement, actor=the.victor, organization=the.undp, version=1)
        services.accept(agreement, actor=the.elena, organization=the.aecid, version=1)

        assert state(agreement) == "agreed"


class TestKeeping:
    def test_an_area_left_counts_as_kept_and_taken_up_again_no_longer(self, the: World) -> None:
        agreement = the.agreed()
        assert services.watch() == 0

        save(the.right, locations=TEGUCIGALPA)
        assert services.watch([the.right.pk]) == 1
        assert state(agreement) == "kept"
        save(the.right, locations=(LocationData(area_id="HN-CR"),))
        services.watch()

        assert state(agreement) == "agreed"
        kinds = list(Step.objects.filter(actor=None).values_list("kind", flat=True))
        assert kinds == ["agreed", "commitment_kept", "kept", "commitment_lost", "fell_back"]

    @pytest.mark.parametrize(
        ("terms", "change"),
        [
            ({"kind": "move_dates", "new_start": date(2027, 1, 1), "new_end": date(2027, 12, 31)},
             {"planned_start": date(2027, 1, 1), "planned_end": date(2027, 12, 31)}),
            ({"kind": "move_dates", "new_end": date(2026, 6, 30)}, {"actual_end": date(2026, 6, 30)}),
            ({"kind": "take_over_area", "area": "HN-FM"}, {"locations": TEGUCIGALPA}),
            ({"kind": "close"}, {"status": 4}),
            ({"kind": "close"}, {"actual_end": date(2026, 1, 1)}),
            ({"kind": "reduce_money", "amount": Decimal("250000"), "currency": "USD"}, {"transactions": ()}),
        ],
    )  # fmt: skip
    def test_each_kind_is_seen_in_the_program(self, the: World, terms: dict, change: dict) -> None:
        if terms["kind"] == "reduce_money":
            change = {"transactions": factories.program_data(the.aecid).transactions}
            change["transactions"] = (replace(change["transactions"][0], value=Decimal(750_000)),)
        agreement = the.agreed(the.terms(the.commitment(program=the.right.pk, **terms)))
        assert services.watch() == 0

        save(the.right, **change)
        services.watch()

        assert state(agreement) == "kept"

    def test_a_program_closed_in_the_portal_is_closed(self, the: World) -> None:
        agreement = the.agreed(the.terms(the.commitment(kind="close", program=the.right.pk)))

        move_program(the.right, "close", actor=the.elena)
        services.watch()

        assert state(agreement) == "kept"

    def test_less_money_but_not_enough_is_not_kept(self, the: World) -> None:
        less = the.commitment(kind="reduce_money", program=the.right.pk, amount=Decimal("250000.00"), currency="USD")
        agreement = the.agreed(the.terms(less))
        transaction = factories.program_data(the.aecid).transactions[0]

        save(the.right, transactions=(replace(transaction, value=Decimal("750000.01")),))
        services.watch()

        assert state(agreement) == "agreed"

    def test_less_money_is_seen_in_its_own_currency_whatever_the_rates(self, the: World) -> None:
        factories.rate_of_today("EUR", "1.16")
        paid = factories.program_data(factories.organization()).transactions[0]
        then = replace(paid, currency="EUR", date=date(2022, 9, 1), value_date=date(2022, 9, 1))
        save(the.right, transactions=(then,))
        less = the.commitment(kind="reduce_money", program=the.right.pk, amount=Decimal(250_000), currency="EUR")
        agreement = the.agreed(the.terms(less))
        row, was = Commitment.objects.get(), Program.objects.get(pk=the.right.pk).committed_usd

        save(the.right, transactions=(replace(then, value=Decimal(750_000)),))
        services.watch()

        # A euro was worth less when it was committed than when the agreement was proposed.
        assert was - Program.objects.get(pk=the.right.pk).committed_usd < row.amount_usd  # type: ignore[operator]
        assert state(agreement) == "kept"

    def test_who_is_gone_has_left_an_area_and_takes_over_none(self, the: World) -> None:
        left = the.agreed()
        taken = the.agreed(the.terms(the.commitment(kind="take_over_area", program=the.right.pk, area="HN-CR")))
        services.watch()
        assert (state(left), state(taken)) == ("agreed", "kept")

        move_program(the.right, "archive", actor=the.elena)
        services.watch()

        assert (state(left), state(taken)) == ("kept", "agreed")

    def test_what_is_in_words_is_said_by_its_manager_and_seen_by_a_coordinator(self, the: World) -> None:
        agreement = the.agreed(the.terms(the.commitment(text="Share the manual")))
        row = Commitment.objects.get()
        with pytest.raises(NotAllowed):
            services.say_kept(row, actor=the.ines)
        with pytest.raises(Refused, match="has not been reported as done yet"):
            services.see(row, actor=the.carmen)

        services.say_kept(row, actor=the.elena)
        assert state(agreement) == "agreed"
        services.see(row, actor=the.carmen)

        assert state(agreement) == "kept"
        services.take_back(row, actor=the.carmen)
        assert state(agreement) == "agreed"

    def test_what_the_portal_sees_nobody_says(self, the: World) -> None:
        the.agreed()

        with pytest.raises(Refused, match="The portal checks"):
            services.say_kept(Commitment.objects.get(), actor=the.elena)

    def test_a_proposal_is_not_watched(self, the: World) -> None:
        agreement = the.proposed()
        save(the.right, locations=TEGUCIGALPA)

        assert services.watch() == 0
        assert state(agreement) == "proposed"

    def test_it_asks_as_many_queries_for_many_agreements_as_for_one(
        self, the: World, django_assert_num_queries: object
    ) -> None:
        the.agreed()
        for _number in range(12):
            other = factories.program(the.aecid)
            overlap = worlds.overlap(the.left, other, state="confirmed")
            agreement = services.begin_draft([overlap], actor=the.carmen, title="x", terms=the.terms(
                replace(the.leave_area(), program=other.pk)))  # fmt: skip
            services.propose(agreement, actor=the.carmen)
            the.accept(agreement)

        with django_assert_num_queries(3):  # type: ignore[operator]
            services.watch()


class TestEnding:
    def test_it_is_ended_or_broken_with_a_reason(self, the: World) -> None:
        agreement = the.agreed()
        for take in (services.end, services.record_broken):
            with pytest.raises(Refused, match="reason"):
                take(agreement, actor=the.carmen, note="")

        services.record_broken(agreement, actor=the.carmen, note="AECID stayed.")

        assert state(agreement) == "broken"
        assert services.watch() == 0

    def test_an_agreement_in_force_cannot_be_withdrawn(self, the: World) -> None:
        with pytest.raises(Refused, match="“Agreed”"):
            services.withdraw(the.agreed(), actor=the.carmen)


class TestMoney:
    def test_what_is_agreed_and_kept_is_summed_in_dollars(self, the: World) -> None:
        money = {"amount": Decimal("250000.00"), "currency": "USD"}
        the.agreed(the.terms(the.leave_area(**money, to_program=the.left.pk), the.commitment(text="a", **money)))
        the.proposed(the.terms(the.leave_area(**money)))
        save(the.right, locations=TEGUCIGALPA)
        services.watch()

        assert Commitment.objects.money(the.carmen) == {
            "agreed": 500_000,
            "kept": 250_000,
            "redirected": 250_000,
            "unknown": 0,
        }

    def test_the_second_report_of_the_same_money_is_left_out(self, the: World) -> None:
        the.agreed(the.terms(the.leave_area(amount=Decimal(5), currency="USD")))
        Overlap.objects.update(kind="same_money", second_report=the.right)

        assert Commitment.objects.money(the.carmen)["agreed"] is None


class TestReminders:
    def test_each_step_is_reminded_of_once(self, the: World, mailoutbox: list) -> None:
        the.agreed(the.terms(the.leave_area(due_on=timezone.localdate() + timedelta(days=10))))
        assert services.remind() == 1
        assert services.remind() == 0
        assert {letter.to[0] for letter in mailoutbox} == {the.elena.email, the.carmen.email}
        assert "leaves Cortés" in mailoutbox[0].body

    def test_what_is_overdue_is_told_to_who_is_responsible(self, the: World) -> None:
        agreement = the.agreed(the.terms(the.leave_area(due_on=timezone.localdate() - timedelta(days=1))))

        before = Agreement.objects.get().updated_at

        services.remind()

        assert list(Agreement.objects.overdue()) == [agreement]
        assert Agreement.objects.get().updated_at > before  # a copy reads its steps again
        overdue = Step.objects.filter(kind=Step.Kind.OVERDUE).values("pk")
        assert Notification.objects.filter(topic_event__in=overdue, recipient=the.elena).exists()
        assert not Notification.objects.filter(topic_event__in=overdue, recipient=the.ines).exists()

    def test_an_answer_is_awaited_after_a_week(self, the: World) -> None:
        agreement = the.proposed()
        services.accept(agreement, actor=the.ines, organization=the.inl, version=1)
        assert services.remind() == 0

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("programs.agreements.services.reminders.ANSWER_AWAITED_AFTER", timedelta(0))
            assert (services.remind(), services.remind()) == (1, 0)

        assert Step.objects.get(kind="answer_awaited").organization == the.aecid

    def test_who_wants_no_letters_gets_none(self, the: World, mailoutbox: list) -> None:
        the.agreed(the.terms(the.leave_area(due_on=timezone.localdate())))
        for person in (the.elena, the.carmen):
            person.digest = "off"
            person.save()

        assert services.remind() == 1
        assert mailoutbox == []


def test_the_states_are_those_of_the_table() -> None:
    assert set(Agreement._meta.get_field("state").choices) == set(State.choices)
