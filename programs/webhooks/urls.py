from django.urls import path

from programs.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhooks, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/test/", views.test, name="test"),
    path("<int:pk>/test/progress/", views.test_progress, name="test_progress"),
    path("<int:pk>/switch-off/", views.switch_off, name="switch_off"),
    path("<int:pk>/switch-on/", views.switch_on, name="switch_on"),
    path("<int:pk>/new-secret/", views.new_secret, name="new_secret"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/deliveries/<uuid:delivery>/send-again/", views.replay, name="replay"),
    path("<int:pk>/deliveries/<uuid:delivery>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/deliveries/<uuid:delivery>/delete/", views.delete_delivery, name="delete_delivery"),
]
