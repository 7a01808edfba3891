from django.urls import path

from programs.agreements import views

app_name = "agreements"
urlpatterns = [
    path("agreements/", views.agreement_list, name="list"),
    path("agreements/new/", views.new, name="new"),
    path("agreements/<int:pk>/", views.detail, name="detail"),
    path("agreements/<int:pk>/edit/", views.edit, name="edit"),
    path("agreements/<int:pk>/terms/", views.terms, name="terms"),
    path("agreements/<int:pk>/answer/", views.answer, name="answer"),
    path("agreements/<int:pk>/move/", views.move, name="move"),
    path("agreements/<int:pk>/commitments/<int:commitment>/", views.mark, name="mark"),
]
