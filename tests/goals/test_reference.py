import pytest

from goals.models import Area, Country, Goal, Region, Sector
from goals.reference import load_reference_data


@pytest.mark.django_db
class TestReferenceData:
    def test_it_works(self) -> None:
        assert Goal.objects.count() == 5
        assert Area.objects.filter(level=1).count() == 98
        assert Area.objects.filter(outline__isnull=True).count() == 3
        assert set(Country.objects.filter(in_carsi=True).values_list("code", flat=True)) == {
            "BZ", "CR", "GT", "HN", "NI", "PA", "SV",
        }  # fmt: skip
        assert set(Region.objects.filter(is_central_america=True).values_list("code", flat=True)) == {"389", "1032"}

    def test_every_sector_has_its_name_in_both_languages(self) -> None:
        assert not Sector.objects.filter(name_en="").exists()
        assert not Sector.objects.filter(name_es="").exists()

    def test_loading_again_changes_nothing(self) -> None:
        before = list(Area.objects.order_by("code").values())

        load_reference_data()

        assert list(Area.objects.order_by("code").values()) == before
