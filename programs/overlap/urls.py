from django.urls import path

from programs.overlap import views

app_name = "overlap"
urlpatterns = [
    path("", views.overlap_list, name="list"),
    path("preview/", views.preview, name="preview"),
    path("<int:pk>/", views.overlap_detail, name="detail"),
    path("<int:pk>/review/", views.review, name="review"),
]
