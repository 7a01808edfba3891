"""Programs entered and changed through the API: the rules of the form, and nobody overwritten."""

from typing import Any

import pytest
from pghistory.models import Events

from donors.models import Organization, User
from programs.models import Program
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Organization:
    return factories.organization("Own")


@pytest.fixture
def editor(own: Organization) -> User:
    return factories.user(own, "editor")


@pytest.fixture
def api(editor: User) -> Api:
    return Api(editor)


def stated(organization: Organization, **more: Any) -> dict[str, Any]:
    """A whole program as a script says it."""
    return {
        "reporting_org_id": organization.pk,
        "identifier": "XX-1",
        "title": "Vetted units",
        "description": "Training",
        "status": 2,
        "visibility": "public",
        "planned_start": "2025-01-01",
        "coverages": [{"country": "HN", "percentage": "100"}],
        "participations": [{"organization_id": organization.pk, "role": 1}],
        "sectors": [{"sector": "15130", "percentage": "100"}],
        "locations": [{"area": "HN-CR"}],
        "transactions": [{"type": 2, "value": "1000.50", "currency": "USD", "date": "2025-02-01"}],
        **more,
    }


def test_a_new_program_is_a_draft_as_its_own_address_shows_it(api: Api, own: Organization) -> None:
    made = api.send("POST", "programs/", stated(own), 201)

    assert (made["stage"], made["source"], made["version"]) == ("draft", "api", 1)
    assert made["transactions"][0]["value_usd"] == "1000.50"
    assert made["goals"] != []
    assert api.get(f"programs/{made['id']}/") == made


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"title": ""}, "#/title"),
        ({"titel": "x"}, "#/titel"),
        ({"status": 9}, "#/status"),
        ({"planned_end": "2024-01-01"}, "#/planned_end"),
        ({"coverages": [{"country": "ZZ"}]}, "#/coverages/0/country"),
        ({"participations": [{"organization_id": 0, "role": 1}]}, "#/participations/0/organization_id"),
        ({"goals": [{"goal": 6, "percentage": "100"}]}, "#/goals/0/goal"),
        ({"transactions": [{"type": 2, "value": "x", "currency": "USD"}]}, "#/transactions/0/value"),
        ({"reporting_org_id": 0}, "#/reporting_org_id"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(api: Api, own: Organization, wrong: dict[str, Any], pointer: str) -> None:
    problem = api.send("POST", "programs/", stated(own, **wrong), 400)

    assert (problem["code"], [error["pointer"] for error in problem["errors"]]) == ("invalid", [pointer])
    assert not Program.objects.exists()


def test_an_identifier_that_is_taken_is_refused(api: Api, own: Organization) -> None:
    api.send("POST", "programs/", stated(own), 201)

    problem = api.send("POST", "programs/", stated(own, title="Another"), 400)

    assert problem["errors"][0]["pointer"] == "#/identifier"
    assert Program.objects.get().title == "Vetted units"


def test_nobody_enters_programs_for_others(api: Api) -> None:
    other = factories.organization("Other")

    assert api.send("POST", "programs/", stated(other), 403)["code"] == "permission_denied"


def test_a_key_without_the_scope_is_told_which_it_needs(editor: User, own: Organization) -> None:
    problem = Api(editor, scopes=()).send("POST", "programs/", stated(own), 403)

    assert problem["code"] == "insufficient_scope"
    assert "write" in problem["detail"]


# What the database would refuse as well, and where it is said first.
WRONG_ROWS: dict[str, list[dict[str, Any]]] = {
    "coverages": [{}, {"country": "HN"}, {"country": "HN"}, {"country": "GT", "percentage": "0"}],
    "goals": [{"goal": 1, "percentage": "101"}, {"goal": 1, "percentage": "-1"}],
    "sectors": [{"sector": "15130"}, {"sector": "15130"}],
    "locations": [{}, {"latitude": "91", "longitude": "1"}, {"name": "Choloma", "latitude": "15"}],
    "participations": [{"organization_id": 0, "role": 1}],
    "translations": [{"language": "fr"}],
    "transactions": [{"type": 2, "value": "1", "currency": "ZZZ", "date": "1800-01-01"}],
    "planned_disbursements": [
        {"value": "1", "currency": "ZZZ", "period_start": "1800-01-01"},
        {"value": "1", "currency": "USD", "period_start": "2025-01-01", "period_end": "2024-01-01"},
    ],
    "budgets": [{"value": "1", "currency": "USD", "period_start": "2026-01-02", "period_end": "2026-01-01"}],
}
AT = {
    "coverages/0", "coverages/2", "coverages/3/percentage", "goals/0/percentage", "goals/1", "goals/1/percentage",
    "sectors/1", "locations/0", "locations/1/latitude", "locations/2/longitude", "participations/0/organization_id",
    "translations/0/title", "transactions/0/currency", "transactions/0/date", "budgets/0/period_end",
    "planned_disbursements/0/currency", "planned_disbursements/0/period_start", "planned_disbursements/1/period_end",
}  # fmt: skip


class TestRows:
    def test_what_the_database_would_refuse_is_named_by_its_place(self, api: Api, own: Organization) -> None:
        problem = api.send("POST", "programs/", stated(own, **WRONG_ROWS), 400)

        assert {error["pointer"] for error in problem["errors"]} == {f"#/{place}" for place in AT}

    def test_a_change_names_what_a_row_lacks_and_what_it_does_not_have(self, api: Api, own: Organization) -> None:
        program = factories.program(own)
        rows = {"sectors": [{"percentage": "100"}], "coverages": [{"contry": "HN"}]}

        problem = api.send("PATCH", f"programs/{program.pk}/", rows, 400, If_Match='"1"')

        assert {error["pointer"] for error in problem["errors"]} == {"#/sectors/0/sector", "#/coverages/0/contry"}

    def test_a_list_goes_back_as_it_was_read(self, api: Api, own: Organization) -> None:
        program = factories.program(own)
        before = api.get(f"programs/{program.pk}/")
        lists = {name: before[name] for name in (*WRONG_ROWS, "title") if before[name]}

        after = api.send("PATCH", f"programs/{program.pk}/", lists, 200, If_Match=f'"{program.version}"')

        assert {name: after[name] for name in lists} == lists


def test_a_body_beyond_what_is_taken_is_too_large(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    problem = api.send("POST", "programs/bulk/", {"programs": ["x" * 200]}, 413)

    assert problem["code"] == "too_large"


def test_what_is_wrong_with_a_header_is_a_parameter_s(api: Api, own: Organization) -> None:
    problem = api.send("POST", "programs/", stated(own), 400, Idempotency_Key="x" * 201)

    assert [error["parameter"] for error in problem["errors"]] == ["Idempotency-Key"]


class TestChanges:
    @pytest.fixture
    def program(self, own: Organization) -> Program:
        return factories.program(own, title="Before")

    def test_what_is_not_named_stays(self, api: Api, program: Program) -> None:
        before = api.get(f"programs/{program.pk}/")
        etag = api.client.get(f"/api/v1/programs/{program.pk}/")["ETag"]

        after = api.send("PATCH", f"programs/{program.pk}/", {"title": "After"}, 200, If_Match=etag)

        assert (after["title"], after["version"]) == ("After", before["version"] + 1)
        same = before.keys() - {"title", "version", "updated_at"}
        assert {name: after[name] for name in same} == {name: before[name] for name in same}

    def test_without_if_match_it_is_428(self, api: Api, program: Program) -> None:
        problem = api.send("PATCH", f"programs/{program.pk}/", {"title": "After"}, 428)

        assert problem["code"] == "if_match_required"

    def test_of_two_from_one_version_the_second_is_412_and_told_which_there_is(
        self, api: Api, program: Program
    ) -> None:
        address, etag = f"programs/{program.pk}/", f'"{program.version}"'
        api.send("PATCH", address, {"title": "First"}, 200, If_Match=etag)

        problem = api.send("PATCH", address, {"title": "Second"}, 412, If_Match=etag)

        assert (problem["code"], problem["version"]) == ("changed_meanwhile", program.version + 1)
        assert Program.objects.get(pk=program.pk).title == "First"

    def test_an_etag_of_elsewhere_is_refused(self, api: Api, program: Program) -> None:
        assert api.send("PATCH", f"programs/{program.pk}/", {}, 400, If_Match='"x"')["code"] == "invalid"

    def test_what_one_may_not_see_is_not_there(self, api: Api) -> None:
        hidden = factories.program(factories.organization("Other"), visibility="restricted")

        api.send("PATCH", f"programs/{hidden.pk}/", {"title": "x"}, 404, If_Match='"1"')

    def test_from_draft_to_published_by_a_manager(self, own: Organization, api: Api) -> None:
        made = api.send("POST", "programs/", stated(own), 201)
        manager, address = Api(factories.user(own, "manager")), f"programs/{made['id']}/moves/"
        api.send("POST", address, {"move": "publish"}, 403, If_Match='"1"')

        published = manager.send("POST", address, {"move": "publish"}, 200, If_Match='"1"')

        assert (published["stage"], published["version"]) == ("published", 2)
        assert manager.send("POST", address, {"move": "publish"}, 409, If_Match='"2"')["code"] == "refused"
        assert manager.send("POST", address, {"move": "fly"}, 400, If_Match='"2"')["errors"][0]["pointer"] == "#/move"

    def test_a_draft_is_deleted_and_what_was_published_is_not(self, own: Organization, api: Api) -> None:
        draft, published = factories.program(own, stage="draft"), factories.program(own)
        elsewhere = factories.program(factories.organization("Other"), stage="draft")

        assert api.send("DELETE", f"programs/{draft.pk}/", None, 412, If_Match='"99"')["code"] == "changed_meanwhile"
        assert api.send("DELETE", f"programs/{draft.pk}/", None, 204, If_Match=f'"{draft.version}"') is None
        api.send("DELETE", f"programs/{draft.pk}/", None, 404)
        assert "Archive it instead" in api.send("DELETE", f"programs/{published.pk}/", None, 409)["detail"]
        api.send("DELETE", f"programs/{elsewhere.pk}/", None, 404)

        assert set(Program.objects.all()) == {published, elsewhere}

    def test_what_is_incomplete_is_not_published(self, own: Organization, api: Api) -> None:
        made = api.send("POST", "programs/", stated(own, coverages=[]), 201)

        problem = Api(factories.user(own, "manager")).send(
            "POST", f"programs/{made['id']}/moves/", {"move": "publish"}, 400, If_Match='"1"'
        )

        assert [error["pointer"].split("/")[1] for error in problem["errors"]] == ["coverages"]

    def test_the_history_is_for_its_organization(self, api: Api, program: Program) -> None:
        api.send("PATCH", f"programs/{program.pk}/", {"title": "After"}, 200, If_Match=f'"{program.version}"')

        history = api.get(f"programs/{program.pk}/history/")

        titles = [change["come"] for change in history["versions"][0]["changes"] if change["field"] == "Title"]
        assert titles == [["After"]]
        Api(factories.user(factories.organization("Other"))).get(f"programs/{program.pk}/history/", status=404)


class TestSentTwice:
    def test_the_same_key_and_body_is_one_program_and_one_answer(self, api: Api, own: Organization) -> None:
        first, second = (api.send("POST", "programs/", stated(own), 201, Idempotency_Key="k") for _ in range(2))

        assert (first, Program.objects.count()) == (second, 1)

    def test_the_same_key_with_another_body_is_422(self, api: Api, own: Organization) -> None:
        api.send("POST", "programs/", stated(own), 201, Idempotency_Key="k")

        problem = api.send("POST", "programs/", stated(own, identifier="XX-2"), 422, Idempotency_Key="k")

        assert (problem["code"], Program.objects.count()) == ("idempotency_key_reused", 1)

    def test_a_refusal_is_not_remembered(self, api: Api, own: Organization) -> None:
        taken = factories.program(own, identifier="XX-1")
        api.send("POST", "programs/", stated(own), 400, Idempotency_Key="k")
        taken.delete()

        api.send("POST", "programs/", stated(own), 201, Idempotency_Key="k")

    def test_keys_are_each_person_s_own(self, api: Api, own: Organization) -> None:
        api.send("POST", "programs/", stated(own), 201, Idempotency_Key="k")

        Api(factories.user(own, "editor")).send(
            "POST", "programs/", stated(own, identifier="XX-2"), 201, Idempotency_Key="k"
        )


class TestBulk:
    def test_each_has_its_result_and_one_that_is_refused_stops_no_other(self, api: Api, own: Organization) -> None:
        there = factories.program(own, identifier="XX-1", title="Before")
        other = factories.organization("Other")
        rows = [
            stated(own, title="After"),
            stated(own, identifier="XX-2"),
            stated(own, identifier="XX-3", status=9),
            stated(other, identifier="XX-4"),
            stated(own, identifier="XX-2"),
            {"reporting_org_id": own.pk, "identifier": "XX-5", "version": 3},
            "nonsense",
            None,
        ]

        results = api.send("POST", "programs/bulk/", {"programs": rows}, 200)["results"]

        assert [row["outcome"] for row in results] == [
            "updated", "created", "refused", "refused", "refused", "created", "refused", "refused",
        ]  # fmt: skip
        assert results[0]["id"] == there.pk
        codes = [row["problem"]["code"] for row in results if "problem" in row]
        assert codes == ["invalid", "permission_denied", "invalid", "invalid", "invalid"]
        assert results[2]["problem"]["errors"][0]["pointer"] == "#/status"
        assert set(Program.objects.values_list("identifier", flat=True)) == {"XX-1", "XX-2", "XX-5"}

    def test_a_published_program_must_stay_complete(self, api: Api, own: Organization) -> None:
        factories.program(own, identifier="XX-1")

        results = api.send("POST", "programs/bulk/", {"programs": [stated(own, coverages=[])]}, 200)["results"]

        assert results[0]["problem"]["errors"][0]["pointer"] == "#/coverages"

    def test_one_that_somebody_changed_since_is_refused(self, api: Api, own: Organization) -> None:
        program = factories.program(own, identifier="XX-1")

        results = api.send("POST", "programs/bulk/", {"programs": [stated(own, version=program.version + 1)]}, 200)

        assert results["results"][0]["problem"]["code"] == "changed_meanwhile"

    @pytest.mark.parametrize("rows", [[], ["x"] * 1001])
    def test_it_takes_1_to_1000(self, api: Api, rows: list[str]) -> None:
        assert api.send("POST", "programs/bulk/", {"programs": rows}, 400)["errors"][0]["pointer"] == "#/programs"


def test_a_refusal_of_what_no_database_holds_is_repeated_too(api: Api, own: Organization) -> None:
    rows = [stated(own, status="\0\u00bd")]
    first, again = (
        api.send("POST", "programs/bulk/", {"programs": rows}, 200, Idempotency_Key="nul") for _ in range(2)
    )

    assert first == again
    assert first["results"][0]["outcome"] == "refused"


def test_a_body_that_is_nested_too_deeply_is_refused(api: Api) -> None:
    answer = api.client.post("/api/v1/programs/", "[" * 100_000, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_half_a_character_is_refused(api: Api) -> None:
    answer = api.client.post("/api/v1/programs/", '{"reporting_org": "\\ud800"}', content_type="application/json")
    whole = api.client.post("/api/v1/programs/", '{"title": "\\ud83d\\ude42"}', content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert whole.json()["code"] == "invalid"  # read, and other fields are missing


class TestCopies:
    def test_what_the_client_has_is_not_sent_again(self, api: Api) -> None:
        program = factories.program()
        for address in ("/api/v1/programs/", f"/api/v1/programs/{program.pk}/"):
            etag = api.client.get(address)["ETag"]

            again = api.client.get(address, headers={"if-none-match": etag})

            assert (again.status_code, again.content) == (304, b"")

    def test_long_answers_are_zipped_for_who_takes_it(self, api: Api) -> None:
        answer = api.client.get("/api/v1/sectors/", headers={"accept-encoding": "gzip"})

        assert answer["Content-Encoding"] == "gzip"


INDICATOR = {
    "title": "Robberies a year", "description": "Reported ones", "measure": 1, "ascending": False,
    "baseline_year": 2023, "baseline_value": "120.0000", "baseline_comment": "",
    "periods": [{"start": "2024-01-01", "end": "2024-12-31", "target": "80.0000", "target_comment": "",
                 "actual": None, "actual_comment": ""}],
}  # fmt: skip
RESULT = {"type": 2, "title": "Safer markets", "description": "", "indicators": [INDICATOR]}


class TestResults:
    """Results, and what comes after the funding, are said with the program: one save, one version."""

    def after(self, own: Organization) -> dict[str, Any]:
        stated = {"funding_ends": "2026-12-31", "organization_id": own.pk, "budget_source": "Line 2.3"}
        return {**stated, "organization": "Own", "confirmed": True}

    def test_a_new_program_comes_with_them_and_they_are_changed_with_it(self, api: Api, own: Organization) -> None:
        after = self.after(own)
        made = api.send("POST", "programs/", stated(own, results=[RESULT], sustainability=after), 201)
        assert (made["results"], made["sustainability"], made["version"]) == ([RESULT], after, 1)
        there = f"programs/{made['id']}/"

        lights = {"type": 1, "title": "Lights"}
        changed = api.send("PATCH", there, {"title": "Both", "results": [RESULT, lights]}, 200, If_Match='"1"')
        assert [row["title"] for row in changed["results"]] == ["Safer markets", "Lights"]
        assert (changed["version"], changed["title"], changed["sustainability"]) == (2, "Both", after)
        events = Events.objects.references(Program.objects.get())
        assert len({event.pgh_context_id for event in events}) == 2

        alone = api.send("PATCH", there, {"sustainability": None}, 200, If_Match='"2"')
        assert (alone["version"], alone["sustainability"]) == (3, None)
        same = api.send("PATCH", there, {"results": alone["results"], "sustainability": None}, 200, If_Match='"3"')
        assert (same["version"], same["results"]) == (3, changed["results"])
        api.send("PATCH", there, {"results": []}, 412, If_Match='"2"')
        assert api.get(there)["results"] == changed["results"]

    def test_they_keep_the_order_that_was_said_and_read_back_they_change_nothing(
        self, api: Api, own: Organization
    ) -> None:
        year = {"start": "2025-01-01", "end": "2025-12-31"}
        late_first = {**RESULT, "indicators": [{**INDICATOR, "periods": [year, *INDICATOR["periods"]]}]}
        lights = {"type": 1, "title": "Lights", "description": "", "indicators": []}
        made = api.send("POST", "programs/", stated(own, results=[lights, late_first]), 201)
        there = f"programs/{made['id']}/"

        echoed = api.send("PATCH", there, {"results": made["results"]}, 200, If_Match='"1"')
        again = api.send("PATCH", there, {"results": [lights, late_first]}, 200, If_Match='"1"')
        lamps = {**made["results"][0], "title": "Lamps"}
        changed = api.send("PATCH", there, {"results": [lamps, made["results"][1]]}, 200, If_Match='"1"')
        turned = api.send("PATCH", there, {"results": changed["results"][::-1]}, 200, If_Match='"2"')

        assert [period["start"][:4] for period in made["results"][1]["indicators"][0]["periods"]] == ["2024", "2025"]
        assert (echoed["version"], again["version"], changed["version"], turned["version"]) == (1, 1, 2, 3)
        assert changed["results"] == [lamps, made["results"][1]]
        assert turned["results"] == changed["results"][::-1]

    def test_an_organization_is_named_by_its_id(self, api: Api, own: Organization) -> None:
        made = api.send("POST", "programs/", stated(own, sustainability=self.after(own)), 201)

        refused = api.send("PATCH", f"programs/{made['id']}/", {"sustainability": {"organization": "Own"}}, 400,
                           If_Match='"1"')  # fmt: skip

        assert refused["errors"][0]["pointer"] == "#/sustainability/organization"
        assert api.get(f"programs/{made['id']}/")["sustainability"] == made["sustainability"]

    def test_many_at_once(self, api: Api, own: Organization) -> None:
        first = {"programs": [stated(own, results=[RESULT]), stated(own, identifier="XX-2")]}
        assert [row["outcome"] for row in api.send("POST", "programs/bulk/", first, 200)["results"]] == ["created"] * 2
        assert [row["outcome"] for row in api.send("POST", "programs/bulk/", first, 200)["results"]] == [
            "unchanged"
        ] * 2

        only = {"reporting_org_id": own.pk, "identifier": "XX-2", "sustainability": self.after(own)}
        bad = {"reporting_org_id": own.pk, "identifier": "XX-1", "results": [{"type": 7, "title": "x"}]}
        refused, updated = api.send("POST", "programs/bulk/", {"programs": [bad, only]}, 200)["results"]

        assert refused["problem"]["errors"][0]["pointer"] == "#/results/0/type"
        assert (updated["outcome"], updated["version"]) == ("updated", 2)
        assert api.get(f"programs/{updated['id']}/")["sustainability"]["budget_source"] == "Line 2.3"

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"results": [{"type": 2, "title": " "}]}, "#/results/0/title"),
            ({"results": [{"type": 2, "title": "a", "indicator": []}]}, "#/results/0/indicator"),
            ({"results": [{"type": 2, "title": "a", "indicators": [{"title": "b", "baseline_value": "1"}]}]},
             "#/results/0/indicators/0/baseline_year"),
            ({"results": [{"type": 2, "title": "a", "indicators": [{"title": "b", "baseline_year": 1}]}]},
             "#/results/0/indicators/0/baseline_year"),
            ({"results": [{"type": 2, "title": "a", "indicators": [{"title": "b", "periods": [
                {"start": "2024-01-01", "end": "2023-01-01"}]}]}]}, "#/results/0/indicators/0/periods/0/end"),
            ({"results": [{"type": 2, "title": "a", "indicators": [{"title": "b", "periods": [
                {"start": "1024-01-01", "end": "2023-01-01"}]}]}]}, "#/results/0/indicators/0/periods/0/start"),
            ({"results": [{"type": 2, "title": "a", "indicators": [{"title": "b"}] * 60}] * 2}, "#/results"),
            ({"sustainability": {"organization_id": 0}}, "#/sustainability/organization_id"),
            ({"sustainability": {"confirmed": True}}, "#/sustainability/confirmed"),
            ({"sustainability": {"funding_ends": "1800-01-01"}}, "#/sustainability/funding_ends"),
            ({"sustainability": {"budget": "x"}}, "#/sustainability/budget"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named_by_its_place(
        self, api: Api, own: Organization, wrong: dict[str, Any], pointer: str
    ) -> None:
        problem = api.send("POST", "programs/", stated(own, **wrong), 400)

        assert [error["pointer"] for error in problem["errors"]] == [pointer]
        assert not Program.objects.exists()
