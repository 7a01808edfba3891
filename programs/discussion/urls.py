from django.urls import path

from programs.discussion import views

app_name = "discussion"
urlpatterns = [
    path("programs/<int:pk>/comments/", views.comments_on_program, name="comments_on_program"),
    path("overlaps/<int:pk>/comments/", views.comments_on_overlap, name="comments_on_overlap"),
    path("comments/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/<int:pk>/", views.open_notification, name="open"),
    path("notifications/<int:pk>/read/", views.mark_read, name="mark_read"),
    path("notifications/read/", views.mark_all_read, name="mark_all_read"),
]
