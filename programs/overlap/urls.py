from django.urls import path
from django.views.generic import RedirectView

from programs.overlap import case_views, scan_views, views

app_name = "overlap"
urlpatterns = [
    path("cases/<int:pk>/", case_views.case, name="case"),
    path("overlaps/", views.overlap_list, name="list"),
    # Where cases were before they had an address of their own.
    path("overlaps/clusters/<int:pk>/", RedirectView.as_view(pattern_name="overlap:case"), name="cluster"),
    path("overlaps/scans/", scan_views.scans, name="scans"),
    path("overlaps/scans/progress/", scan_views.progress, name="scan-progress"),
    path("overlaps/scans/start/", scan_views.start, name="start-scan"),
    path("overlaps/preview/", views.preview, name="preview"),
    path("overlaps/<int:pk>/", views.overlap_detail, name="detail"),
    path("overlaps/<int:pk>/review/", views.review, name="review"),
]
