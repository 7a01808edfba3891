from django.urls import path

from donors import views

app_name = "donors"
urlpatterns = [
    path("", views.account, name="account"),
    path("keys/", views.create_key, name="create_key"),
    path("keys/<int:pk>/revoke/", views.revoke_key, name="revoke_key"),
]
