from django.urls import path

from programs.priorities import import_views, views

app_name = "priorities"
urlpatterns = [
    path("", views.priority_list, name="list"),
    path("new/", views.new, name="new"),
    path("import/", import_views.bring_in, name="import"),
    path("import/apply/", import_views.apply, name="apply"),
    path("import/template.<str:format>", import_views.template, name="template"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/end/", views.end, name="end"),
    path("programs/<int:pk>/", views.settle, name="settle"),
]
