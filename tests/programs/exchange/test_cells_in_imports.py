"""What stands in the cells of a spreadsheet, as far as the program that comes of it: read, said, asked about."""

from decimal import Decimal
from typing import Any

import pytest

from donors.models import Organization, OrganizationRequest, User
from donors.services import add_requested, create_organization
from programs.exchange import services
from programs.exchange.models import Import
from programs.exchange.report import button_words, how_it_is_read, what_was_done
from programs.models import Participation, Program
from tests import factories
from tests.programs.exchange.importing import HEADINGS, apply, checked, outcomes, problems, row, upload_file

pytestmark = pytest.mark.django_db

Role = Participation.Role


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Fund of the North", ref="XX-FUND")


@pytest.fixture
def editor(organization: Organization) -> User:
    return factories.user(organization, "editor")


@pytest.fixture
def manager(organization: Organization) -> User:
    return factories.user(organization, "manager")


def money(job: Import, actor: User) -> tuple[Decimal, str]:
    apply(job, actor)
    transaction = Program.objects.get().transactions.get()
    return transaction.value, transaction.currency


class TestAmounts:
    @pytest.mark.parametrize(
        ("values", "amount", "currency", "notes"),
        [
            ({"amount": "1,250,000 USD", "currency": ""}, "1250000", "USD", []),
            ({"amount": "€ 300.000,50", "currency": ""}, "300000.50", "EUR", []),
            ({"amount": "US$ 1.2M", "currency": ""}, "1200000", "USD", []),
            ({"amount": "$300,000", "currency": ""}, "300000", "USD", ["currency_taken"]),
            ({"amount": "$300,000", "currency": "MXN"}, "300000", "MXN", []),
            ({"amount": "300,000", "currency": "dollars"}, "300000", "USD", ["currency_taken"]),
            ({"amount": "L 25,000", "currency": ""}, "25000", "HNL", ["currency_taken"]),
            ({"amount": "Q1,500", "currency": "GTQ"}, "1500", "GTQ", []),
            ({"amount": "1,000", "currency": "lempiras"}, "1000", "HNL", []),
            ({"amount": "$1,000", "currency": "US$"}, "1000", "USD", []),
        ],
    )
    def test_an_amount_with_its_currency(
        self, organization: Organization, editor: User, values: dict[str, str], amount: str, currency: str,
        notes: list[str],
    ) -> None:  # fmt: skip
        job = checked(organization, editor, [row(**values)])

        assert [code for code, _cell in problems(job.rows.get())] == notes
        assert money(job, editor) == (Decimal(amount), currency)

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"amount": "€ 1,000", "currency": "USD"}, "currency_disagrees"),
            ({"amount": "$1,000", "currency": "GTQ"}, "currency_disagrees"),
            ({"amount": "$1,000", "currency": "", "country": "Belize", "area": ""}, "currency_ambiguous"),
            ({"amount": "C$ 1,000", "currency": ""}, "currency_ambiguous"),
            ({"amount": "L 1,000", "currency": "", "country": "Guatemala", "area": ""}, "currency_ambiguous"),
            ({"amount": "$1,000", "currency": "", "funder": "AMEXCID"}, "currency_ambiguous"),
            ({"amount": "1.250", "currency": "USD"}, "amount_ambiguous"),
            ({"amount": "300,000-400,000", "currency": "USD"}, "number"),
        ],
    )
    def test_what_may_be_another_amount_is_asked_about(
        self, organization: Organization, editor: User, values: dict[str, str], code: str
    ) -> None:
        job = checked(organization, editor, [row(**values)])

        assert outcomes(job) == ["refused"]
        assert [found for found, _cell in problems(job.rows.get())] == [code]

    def test_the_column_shows_what_its_point_is(self, organization: Organization, editor: User) -> None:
        job = checked(organization, editor, [row(amount="1.250"), row(identifier="P-2", title="B", amount="2.500,75")])

        assert outcomes(job) == ["created", "created"]
        assert how_it_is_read(job) == [
            "In the amounts of the column “Amount committed” the point groups thousands, as “2.500,75” in row 3 shows."
        ]
        apply(job, editor)
        assert {one.transactions.get().value for one in Program.objects.all()} == {1250, Decimal("2500.75")}

    def test_a_heading_names_currency_and_millions(self, organization: Organization, editor: User) -> None:
        headings = ["Identifier", "Title", "Monto (millones de US$)"]
        job = checked(organization, editor, [["1", "One", "1.5"]], headings=headings)

        assert job.columns == ["identifier", "title", "amount"]
        assert money(job, editor) == (Decimal(1_500_000), "USD")
        assert "1,000,000" in how_it_is_read(job)[0]

    def test_millions_twice_are_asked_about(self, organization: Organization, editor: User) -> None:
        headings = ["Identifier", "Title", "Monto (millones de US$)"]
        job = checked(organization, editor, [["1", "One", "1.5M"]], headings=headings)

        assert problems(job.rows.get()) == [("amount_scaled_twice", 2)]

    def test_a_disbursement_is_no_commitment(self, organization: Organization, editor: User) -> None:
        headings = ["iati-identifier", "title/narrative", "transaction/value", "transaction/transaction-type/@code"]
        rows = [["1", "One", "1000 USD", "3"], ["2", "Two", "1000 USD", "2"]]
        job = apply(checked(organization, editor, rows, headings=headings), editor)

        assert job.columns == ["identifier", "title", "amount", "transaction_type"]
        assert "amount_not_commitment" in [code for code, _cell in problems(job.rows.order_by("number")[0])]
        assert [one.transactions.count() for one in Program.objects.order_by("identifier")] == [0, 1]


class TestDates:
    def test_one_day_shows_the_order_of_its_column(self, organization: Organization, editor: User) -> None:
        job = checked(
            organization, editor, [row(planned="15/01/2024"), row(identifier="P-2", title="B", planned="01/02/2024")]
        )

        assert outcomes(job) == ["created", "created"]
        assert how_it_is_read(job) == [
            "Dates of the column “Planned start” have the day first, as “15/01/2024” in row 2 shows."
        ]
        apply(job, editor)
        assert str(Program.objects.get(identifier="P-2").planned_start) == "2024-02-01"

    def test_a_row_chosen_and_applied_later_is_read_alike(self, organization: Organization, editor: User) -> None:
        factories.program(organization, identifier="OLD", planned_start=None)
        job = checked(organization, editor, [row(planned="01/02/2024"), row(identifier="P-2", planned="15/01/2024")])
        services.choose_all(job, same=False, actor=editor)
        apply(job, editor)

        assert str(Program.objects.get(identifier="P-1").planned_start) == "2024-02-01"

    def test_contradictory_columns_are_asked_about(self, organization: Organization, editor: User) -> None:
        rows = [row(planned=day, identifier=day, title=day) for day in ("15/01/2024", "01/28/2024", "01/02/2024")]
        job = checked(organization, editor, rows)

        assert outcomes(job) == ["created", "created", "refused"]
        assert problems(job.rows.order_by("number")[2]) == [("date_ambiguous", 3)]

    def test_a_period_is_read_by_the_rule_and_said(self, organization: Organization, editor: User) -> None:
        headings = ["Identifier", "Title", "Planned start", "Planned end"]
        job = checked(organization, editor, [["1", "One", "2024-Q1", "Jan-26"]], headings=headings)

        assert [code for code, _cell in problems(job.rows.get())][:2] == ["date_period", "date_period"]
        apply(job, editor)
        program = Program.objects.get()
        assert (str(program.planned_start), str(program.planned_end)) == ("2024-01-01", "2026-01-31")


class TestPlaces:
    def test_several_countries(self, organization: Organization, editor: User) -> None:
        apply(checked(organization, editor, [row(country="El Salvador y Honduras", area="")]), editor)

        assert set(Program.objects.get().coverages.values_list("country_id", "percentage")) == {
            ("SV", None), ("HN", None),
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("cells", "places"),
        [
            (["Honduras", "Cortés", "Choloma", "HN0502"], {("HN-CR", "Choloma")}),
            (["Honduras", "Depto. de Cortés", "Choloma", ""], {("HN-CR", "Choloma")}),
            (["Honduras", "", "Choloma", ""], {("HN-CR", "Choloma")}),
            (["Honduras", "", "", "HN0502"], {("HN-CR", "")}),
            (["Honduras", "Cortés, Atlántida", "Choloma, Tela", ""], {("HN-CR", "Choloma"), ("HN-AT", "Tela")}),
            (["Honduras", "Cortés", "Aldea Nueva", ""], {("HN-CR", "Aldea Nueva")}),
            (["", "HN05", "", ""], {("HN-CR", "")}),
        ],
    )
    def test_areas_and_municipalities(
        self, organization: Organization, editor: User, cells: list[str], places: set[tuple[str, str]]
    ) -> None:
        headings = ["Identifier", "Title", "País", "Departamento", "Municipio", "PCODE2"]
        apply(checked(organization, editor, [["1", "One", *cells]], headings=headings), editor)

        program = Program.objects.get()
        assert set(program.locations.values_list("area_id", "name")) == places
        assert {one.country_id for one in program.coverages.all()} == {"HN"}

    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            (["Honduras", "Atlántida", "Choloma", ""], "municipality_elsewhere"),
            (["Honduras", "Atlántida", "", "HN0502"], "municipality_elsewhere"),
            (["Guatemala", "", "Choloma", ""], "municipality_elsewhere"),
            (["Guatemala", "HN05", "", ""], "area_outside"),
        ],
    )
    def test_what_contradicts_itself_is_said(
        self, organization: Organization, editor: User, cells: list[str], code: str
    ) -> None:
        headings = ["Identifier", "Title", "País", "Departamento", "Municipio", "PCODE2"]
        job = checked(organization, editor, [["1", "One", *cells]], headings=headings)

        assert outcomes(job) == ["refused"]
        assert [found for found, _cell in problems(job.rows.get())] == [code]

    @pytest.mark.parametrize(
        ("area", "places"),
        [
            ("Cortés / Atlántida", {("HN-CR", ""), ("HN-AT", "")}),
            ("Cortés / Choloma", {("HN-CR", "Choloma")}),
            ("HN-CR Cortés / Atlántida", {("HN-CR", "Atlántida")}),
        ],
    )
    def test_two_areas_or_a_place_within(
        self, organization: Organization, editor: User, area: str, places: set[tuple[str, str]]
    ) -> None:
        apply(checked(organization, editor, [row(area=area)]), editor)

        assert set(Program.objects.get().locations.values_list("area_id", "name")) == places

    def test_an_area_by_name_and_by_code_is_one(self, organization: Organization, editor: User) -> None:
        headings = ["Identifier", "Title", "Country", "Admin 1", "PCODE1"]
        job = checked(organization, editor, [["1", "One", "HN", "Cortés", "HN05"]], headings=headings)
        apply(job, editor)

        assert Program.objects.get().locations.count() == 1

    def test_a_cluster_is_said_and_no_sector(self, organization: Organization, editor: User) -> None:
        job = checked(organization, editor, [row(sector="PROTECCIÓN")])

        assert problems(job.rows.get()) == [("sector_cluster", 6)]
        apply(job, editor)
        assert not Program.objects.get().sectors.exists()


class TestOrganizations:
    @pytest.mark.parametrize("name", ["A.E.C.I.D.", "UE – AECID", "INL / UNODC", "AECID y UE", "USAID/INL"])
    def test_names_of_one_or_several(self, organization: Organization, editor: User, name: str) -> None:
        job = checked(organization, editor, [row(funder=name)])

        assert outcomes(job) == ["created"]
        assert problems(job.rows.get()) == []

    def test_one_that_nobody_knows_makes_a_draft_and_a_request(
        self, organization: Organization, editor: User, manager: User, coordinator: User
    ) -> None:
        rows = [row(funder="Red Ejemplo de Vecinos"), row(identifier="P-2", title="Courts")]
        job = checked(organization, manager, rows)

        assert outcomes(job) == ["created", "created"]
        assert [code for code, _cell in problems(job.rows.order_by("number")[0])] == [
            "organization_awaited", "becomes_draft",
        ]  # fmt: skip
        assert button_words(job.rows.counts(), "published") == "Publish 1 program; Add 1 program as a draft"
        assert not OrganizationRequest.objects.exists()
        apply(job, manager)

        assert dict(Program.objects.values_list("identifier", "stage")) == {"P-1": "draft", "P-2": "published"}
        request = OrganizationRequest.objects.get()
        assert (request.name, request.place, request.asked_by) == (
            "Red Ejemplo de Vecinos", "programs.csv, J2", manager,
        )  # fmt: skip
        assert [done.show for done in what_was_done(job, job.rows.counts())] == ["created", "created"]

        add_requested(request, actor=coordinator, name="Red Ejemplo de Vecinos", kind="22")
        again = checked(organization, manager, rows)
        assert outcomes(again) == ["changed", "unchanged"]
        apply(again, manager)
        draft = Program.objects.get(identifier="P-1")
        assert [one.organization.name for one in draft.participations.all()] == ["Red Ejemplo de Vecinos"]

    def test_a_row_of_a_stored_program_takes_nobody_away(self, organization: Organization, editor: User) -> None:
        apply(checked(organization, editor, [row()]), editor)

        job = checked(organization, editor, [row(funder="Red Ejemplo de Vecinos", title="Renamed")])

        assert outcomes(job) == ["changed"]
        assert [code for code, _cell in problems(job.rows.get())] == ["organization_left"]
        apply(job, editor)
        assert Program.objects.get().participations.filter(role=Role.FUNDING).count() == 1
        assert OrganizationRequest.objects.count() == 1

    def test_a_reporter_that_nobody_knows_makes_a_draft_and_a_request_too(
        self, organization: Organization, manager: User, coordinator: User
    ) -> None:
        rows, headings = [[*row(), "Red Ejemplo de Vecinos"]], [*HEADINGS, "Reporting organization"]
        job = checked(organization, manager, rows, headings=headings)

        assert outcomes(job) == ["created"]
        assert [code for code, _cell in problems(job.rows.get())] == ["organization_awaited", "becomes_draft"]
        apply(job, manager)
        assert Program.objects.get().stage == "draft"
        request = OrganizationRequest.objects.get()
        assert request.name == "Red Ejemplo de Vecinos"

        add_requested(request, actor=coordinator, name="Red Ejemplo de Vecinos", kind="22")
        again = checked(organization, manager, rows, headings=headings)
        assert [code for code, _cell in problems(again.rows.get())] == ["other_organization"]

    def test_a_known_name_misspelled_is_asked_about(self, organization: Organization, editor: User) -> None:
        create_organization("Fundación para la Paz del Norte")

        job = checked(
            organization, editor,
            [row(funder="Fundacion para la Pas del Norte"), row(identifier="2", title="B", funder="USAD")],
        )  # fmt: skip

        assert [problems(one)[0][0] for one in job.rows.order_by("number")] == ["organization_near"] * 2

    def test_one_that_is_implemented_by_another(self, organization: Organization, editor: User) -> None:
        job = checked(organization, editor, [row(funder="USAID (implemented by UNODC)")])
        apply(job, editor)

        assert [code for code, _cell in problems(job.rows.get())] == ["organization_implements"]
        roles = {one.role: one.organization.short_name for one in Program.objects.get().participations.all()}
        assert roles == {Role.FUNDING: "USAID", Role.IMPLEMENTING: "UNODC"}

    def test_a_request_is_made_once_for_many_rows(self, organization: Organization, editor: User) -> None:
        rows = [
            row(identifier=str(number), title=f"T {number}", funder="Red Ejemplo de Vecinos") for number in range(5)
        ]
        apply(checked(organization, editor, rows), editor)

        assert OrganizationRequest.objects.count() == 1


class TestComplete:
    def test_what_the_form_refuses_becomes_a_draft(self, organization: Organization, manager: User) -> None:
        job = checked(organization, manager, [row(status="", funder="")])

        assert problems(job.rows.get()) == [("becomes_draft", None)]
        missing = job.rows.get().problems[0]["params"]["missing"]
        assert missing["en"] == (
            "Choose the status of the program. Name the funder: an organization with the role “Funding”."
        )
        assert missing["es"] != missing["en"]
        apply(job, manager)
        assert Program.objects.get().stage == "draft"

    @pytest.mark.parametrize("values", [{"status": "-"}, {"country": "-", "area": "-"}, {"funder": "-"}])
    def test_no_file_takes_away_what_a_seen_program_needs(
        self, organization: Organization, manager: User, values: dict[str, str]
    ) -> None:
        apply(checked(organization, manager, [row()]), manager)

        job = checked(organization, manager, [row(**values)])

        assert problems(job.rows.get()) == [("not_complete_any_more", None)]

    def test_a_draft_seen_as_one_arrives_as_one(self, organization: Organization, manager: User) -> None:
        job = checked(organization, manager, [row(funder="Red Ejemplo de Vecinos")])
        create_organization("Red Ejemplo de Vecinos")

        apply(job, manager)

        program = Program.objects.get()
        assert (program.stage, program.participations.count()) == ("draft", 1)


class TestTotals:
    def test_a_total_is_left_out_and_said(self, organization: Organization, manager: User) -> None:
        headings = ["Identifier", "Title", "Amount committed", "Currency"]
        rows = [["A-1", "Patrols", "1000", "USD"], ["", "TOTAL", "1000", "USD"]]
        job = checked(organization, manager, rows, headings=headings)

        assert outcomes(job) == ["created", "left_out"]
        assert problems(job.rows.order_by("number")[1]) == [("total_row", 1)]
        apply(job, manager)
        assert [program.title for program in Program.objects.all()] == ["Patrols"]

    def test_a_sum_that_names_nothing_is_one(self, organization: Organization, manager: User) -> None:
        headings = ["Identifier", "Title", "Amount committed", "Currency"]
        rows = [
            ["1", "A", "1,000", "USD"],
            ["2", "B", "2,500.50", "USD"],
            ["", "", "3,500.50", ""],
            ["", "", "9", "USD"],
        ]
        job = checked(organization, manager, rows, headings=headings)

        assert outcomes(job) == ["created", "created", "left_out", "refused"]


class TestHeadings:
    @pytest.mark.parametrize(
        ("headings", "columns"),
        [
            (["¿Quién?", "¿Qué?", "¿Dónde?"], ["implementer", "title", "country"]),
            (
                ["Organización implementadora", "Donante", "Departamento", "Municipio", "Sector/Cluster", "Actividad",
                 "Fecha de inicio", "Fecha de fin", "Estado", "Beneficiarios"],
                ["implementer", "funder", "area", "municipality", "sector", "title", "planned_start", "planned_end",
                 "status", ""],
            ),
            (
                ["Implementing partner", "Donor", "Admin 1", "Admin 2", "Cluster", "Activity", "Start date", "End date",
                 "Activity status", "People reached"],
                ["implementer", "funder", "area", "municipality", "sector", "title", "planned_start", "planned_end",
                 "status", ""],
            ),
            (
                ["iati-identifier", "title/narrative", "description/narrative", "recipient-country/@code",
                 "transaction/value", "transaction/value/@currency", "activity-status/@code", "sector/@code",
                 "reporting-org/@ref"],
                ["identifier", "title", "description", "country", "amount", "currency", "status", "sector",
                 "reporting_org"],
            ),
            (["Amount committed (USD)", "Title", "Monto en euros"], ["amount", "title", ""]),
        ],
    )  # fmt: skip
    def test_headings_of_the_field_are_known(
        self, organization: Organization, editor: User, headings: list[str], columns: list[str]
    ) -> None:
        job = upload_file(organization, editor, [["x"] * len(headings)], headings=headings)

        assert job.columns == columns

    def test_hashtags_say_what_columns_are(self, organization: Organization, editor: User) -> None:
        headings = ["A", "B", "ESTADO", "D", "E"]
        tags = ["#org+name+impl", "#activity+name", "#adm1+name", "#adm2+code", "#org+type"]
        job = upload_file(organization, editor, [tags, ["x"] * 5], headings=headings)

        assert job.columns == ["implementer", "title", "area", "municipality", ""]


def test_a_cluster_is_kept_beside_the_sectors_once_with_its_code(organization: Organization, manager: User) -> None:
    rows = [row(identifier="P-1", sector="PROTECCIÓN")]
    job = checked(organization, manager, rows)
    apply(job, manager)
    program = Program.objects.get()

    assert [code for code, _cell in problems(job.rows.get())] == ["sector_cluster"]
    assert list(program.other_sectors.values_list("vocabulary", "code", "name")) == [("10", "10", "PROTECCIÓN")]
    assert not program.sectors.exists()

    again = checked(organization, manager, rows)

    assert outcomes(again) == ["unchanged"]
    assert program.other_sectors.count() == 1


def test_nothing_that_is_said_has_a_gap(organization: Organization, editor: User) -> None:
    values: dict[str, Any] = {"amount": "$1,000", "currency": "", "planned": "2024", "sector": "WASH", "area": "HN0502"}
    job = checked(organization, editor, [row(**values, funder="Red Ejemplo de Vecinos")])

    assert {code for code, _cell in problems(job.rows.get())} == {
        "currency_taken", "date_period", "sector_cluster", "area_within", "organization_awaited", "becomes_draft",
    }  # fmt: skip
