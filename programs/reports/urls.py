from django.urls import path, re_path

from programs.reports.views import profiles, reports

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
    path("reports/", reports.report_list, name="list"),
    path("reports/<int:pk>/", reports.report_detail, name="report"),
    path("reports/<int:pk>/progress/", reports.report_progress, name="progress"),
    path("reports/<int:pk>/cancel/", reports.cancel, name="cancel"),
    path("reports/<int:pk>/delete/", reports.delete, name="delete"),
    re_path(r"^reports/(?P<pk>[0-9]{1,18})/overlaps\.(?P<format>xlsx|pdf)$", reports.report_file, name="file"),
    path("reports/monthly/", reports.begin_monthly, name="begin_monthly"),
    path("reports/monthly/stop/", reports.stop_monthly, name="stop_monthly"),
    path("reports/monthly/end/<str:token>/", reports.end_monthly, name="end_monthly"),
]
