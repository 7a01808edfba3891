"""Addresses of the help pages and of the exchange rates."""

from django.urls import path, re_path

from goals import views

app_name = "goals"
urlpatterns = [
    path("help/glossary/", views.glossary, name="glossary"),
    path("rates/", views.rates, name="rates"),
    path("rates/enter/", views.enter_rate, name="enter_rate"),
    path("rates/upload/", views.upload_rates, name="upload_rates"),
    path("rates/held/<int:pk>/", views.decide_rate, name="decide_rate"),
    re_path(r"^rates/(?P<currency>[A-Z]{3})/$", views.rates_of, name="rates_of"),
]
