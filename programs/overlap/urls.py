from django.urls import path
from django.views.generic import RedirectView

from programs.overlap import case_views, learning_views, queue_views, scan_views, views

app_name = "overlap"
urlpatterns = [
    path("cases/<int:pk>/", case_views.case, name="case"),
    path("cases/<int:pk>/case.pdf", case_views.case_pdf, name="case-pdf"),
    path("overlaps/", queue_views.queue, name="list"),
    path("overlaps/triage/", queue_views.triage, name="triage"),
    path("overlaps/movement/", queue_views.movement, name="movement"),
    path("overlaps/views/", queue_views.save_view, name="save-view"),
    path("overlaps/views/<int:pk>/delete/", queue_views.delete_view, name="delete-view"),
    # Where cases were before they had an address of their own.
    path("overlaps/clusters/<int:pk>/", RedirectView.as_view(pattern_name="overlap:case"), name="cluster"),
    path("overlaps/scans/", scan_views.scans, name="scans"),
    path("overlaps/scans/progress/", scan_views.progress, name="scan-progress"),
    path("overlaps/scans/start/", scan_views.start, name="start-scan"),
    path("overlaps/scans/cancel/", scan_views.cancel, name="cancel-scan"),
    path("overlaps/scans/<int:pk>/delete/", scan_views.delete, name="delete-scan"),
    path("overlaps/accuracy/", learning_views.accuracy, name="accuracy"),
    path("overlaps/calibration/", learning_views.calibrations, name="calibrations"),
    path("overlaps/calibration/<int:pk>/", learning_views.move_calibration, name="move-calibration"),
    path("overlaps/uncertain/<int:pk>/", learning_views.uncertain, name="uncertain"),
    path("overlaps/uncertain/<int:pk>/answer/", learning_views.answer, name="answer"),
    path("overlaps/preview/", views.preview, name="preview"),
    path("overlaps/<int:pk>/", views.overlap_detail, name="detail"),
    path("overlaps/<int:pk>/review/", views.review, name="review"),
]
