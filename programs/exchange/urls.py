from django.urls import path, re_path

from programs.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.import_list, name="list"),
    re_path(r"^template\.(?P<format>xlsx|csv)$", views.template, name="template"),
    re_path(r"^programs\.(?P<format>xlsx|csv)$", views.programs, name="programs"),
    path("programs.<str:ending>", views.download, name="download"),
    path("<int:pk>/", views.import_detail, name="import"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/choices/", views.choose, name="choose"),
    path("<int:pk>/check/", views.check_again, name="check"),
    path("<int:pk>/apply/", views.apply, name="apply"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/file/", views.file, name="file"),
]
