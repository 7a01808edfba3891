from django.urls import path

from programs import views

app_name = "programs"
urlpatterns = [
    path("", views.program_list, name="list"),
    path("new/", views.program_edit, name="new"),
    path("autosave/", views.autosave, name="autosave_new"),
    path("choices/<slug:kind>/", views.choices, name="choices"),
    path("dollars/", views.dollars, name="dollars"),
    path("proposed-goals/", views.proposed_goals, name="proposed_goals"),
    path("<int:pk>/", views.program_detail, name="detail"),
    path("<int:pk>/edit/", views.program_edit, name="edit"),
    path("<int:pk>/autosave/", views.autosave, name="autosave"),
    path("<int:pk>/move/", views.program_move, name="move"),
    path("<int:pk>/delete/", views.program_delete, name="delete"),
    path("<int:pk>/history/", views.program_history, name="history"),
    path("<int:pk>/history/restore/", views.restore, name="restore"),
    path("<int:pk>/results/", views.program_results, name="results"),
    path("<int:pk>/goals/", views.program_goals, name="goals"),
]
