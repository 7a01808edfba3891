from django.urls import path

from programs.overlap import scan_views, views

app_name = "overlap"
urlpatterns = [
    path("", views.overlap_list, name="list"),
    path("clusters/<int:pk>/", views.cluster_detail, name="cluster"),
    path("scans/", scan_views.scans, name="scans"),
    path("scans/progress/", scan_views.progress, name="scan-progress"),
    path("scans/start/", scan_views.start, name="start-scan"),
    path("preview/", views.preview, name="preview"),
    path("<int:pk>/", views.overlap_detail, name="detail"),
    path("<int:pk>/review/", views.review, name="review"),
]
