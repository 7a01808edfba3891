"""Addresses of the help pages."""

from django.urls import path

from goals import views

app_name = "goals"
urlpatterns = [
    path("glossary/", views.glossary, name="glossary"),
]
