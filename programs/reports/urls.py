from django.urls import path, re_path

from programs.reports.views import profiles

app_name = "reports"
COUNTRY, AREA = r"(?P<key>[A-Z]{2})", r"(?P<key>[A-Z]{2}-[A-Za-z0-9]{1,9})"
urlpatterns = [
    re_path(rf"^countries/{COUNTRY}/$", profiles.country, name="country"),
    re_path(rf"^countries/{COUNTRY}/brief\.pdf$", profiles.country_brief, name="country_brief"),
    path("goals/<int:key>/", profiles.goal, name="goal"),
    path("goals/<int:key>/brief.pdf", profiles.goal_brief, name="goal_brief"),
    re_path(rf"^areas/{AREA}/$", profiles.area, name="area"),
    re_path(rf"^areas/{AREA}/brief\.pdf$", profiles.area_brief, name="area_brief"),
    path("donors/<int:key>/brief.pdf", profiles.donor_brief, name="donor_brief"),
]
