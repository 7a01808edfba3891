"""What people write, as it is read."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from donors.models import Organization
from programs.forms.fields import AmountField, DayField, ShareField
from programs.forms.lookups import FormLookups, UnknownOrganization
from tests import factories


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1500000", "1500000"),
        ("1,500,000.50", "1500000.50"),
        ("1.500.000,50", "1500000.50"),
        ("1 500 000,5", "1500000.5"),
        ("1'500'000", "1500000"),
        ("1,500", "1500"),
        ("1.500", "1500"),
        ("1,5", "1.5"),
        ("0.125", None),
        ("0,12", "0.12"),
        ("-2.000,00", "-2000.00"),
    ],
)
def test_amounts_with_either_decimal_sign(written: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(ValidationError):
            AmountField().clean(written)
    else:
        assert AmountField().clean(written) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["twelve", "1..2", "12.3.2024", "1,2,3", "12 USD", "NaN", "Infinity", "1e5000", "9" * 30]
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        AmountField().clean(written)


@pytest.mark.parametrize(("written", "value"), [("33.33", "33.33"), ("33,33", "33.33"), ("100", "100"), ("", None)])
def test_shares(written: str, value: str | None) -> None:
    assert ShareField().clean(written) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("written", ["0", "100.01", "-5", "33,333"])
def test_what_is_no_share_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        ShareField().clean(written)


@pytest.mark.parametrize("written", ["0001-01-01", "2300-01-01", "yesterday"])
def test_days_that_are_typing_errors_are_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(written)


@pytest.mark.django_db
class TestLookups:
    def test_a_place_is_one_of_the_chosen_countries(self) -> None:
        area = FormLookups([], ["SV"]).area("la paz")

        assert area is not None
        assert area.country_id == "SV"

    def test_one_that_several_countries_have_is_asked_about(self) -> None:
        with pytest.raises(ValidationError, match="La Paz, Honduras"):
            FormLookups([], []).area("La Paz")

    def test_with_its_country_it_is_clear(self) -> None:
        area = FormLookups([], []).area("la paz, el salvador")

        assert area is not None
        assert area.country_id == "SV"

    def test_a_sector_by_code_or_whole_name(self) -> None:
        lookups = FormLookups([])

        assert [lookups.sector(text) for text in ("15132", "15132 Police", "police")] == ["15132"] * 3
        with pytest.raises(ValidationError, match="Choose one:"):
            lookups.sector("legal and")
        with pytest.raises(ValidationError, match="There is no sector"):
            lookups.sector("astrology")

    def test_an_organization_by_any_of_its_names(self) -> None:
        made: Organization = factories.organization("Agencia Española", short_name="AECID", ref="ES-1")
        lookups = FormLookups(["aecid", "AGENCIA ESPANOLA", "es-1", "Nobody"])

        assert [lookups.organization(text) for text in ("aecid", "AGENCIA ESPANOLA", "es-1")] == [made.pk] * 3
        with pytest.raises(UnknownOrganization):
            lookups.organization("Nobody")
