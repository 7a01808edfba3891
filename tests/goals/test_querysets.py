import pytest

from goals.models import Area, Sector

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("typed", "code"), [("cortes", "HN-CR"), ("CORTÉS", "HN-CR")])
def test_areas_are_found_without_accents(typed: str, code: str) -> None:
    assert code in Area.objects.matching(typed).values_list("code", flat=True)


def test_areas_of_the_chosen_countries() -> None:
    assert {area.country_id for area in Area.objects.matching("la paz")} == {"HN", "SV"}
    assert {area.country_id for area in Area.objects.matching("la paz", ["SV"])} == {"SV"}


@pytest.mark.parametrize("typed", ["15132", "police", "policia"])
def test_sectors_are_found_by_code_and_by_name_in_either_language(typed: str) -> None:
    assert "15132" in Sector.objects.matching(typed).values_list("code", flat=True)
