from django.urls import path

from programs.agreements.views import agreements, meetings

app_name = "agreements"
urlpatterns = [
    path("agreements/", agreements.agreement_list, name="list"),
    path("agreements/new/", agreements.new, name="new"),
    path("agreements/<int:pk>/", agreements.detail, name="detail"),
    path("agreements/<int:pk>/edit/", agreements.edit, name="edit"),
    path("agreements/<int:pk>/terms/", agreements.terms, name="terms"),
    path("agreements/<int:pk>/answer/", agreements.answer, name="answer"),
    path("agreements/<int:pk>/comments/", agreements.comments, name="comments"),
    path("agreements/<int:pk>/move/", agreements.move, name="move"),
    path("agreements/<int:pk>/commitments/<int:commitment>/", agreements.mark, name="mark"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/cases/", meetings.choose_cases, name="meeting_cases"),
    path("meetings/<int:pk>/cases/<int:item>/", meetings.change_case, name="change_case"),
    path("meetings/<int:pk>/screen/<int:position>/", meetings.screen, name="screen"),
    path("meetings/<int:pk>/minutes/", meetings.minutes, name="minutes"),
    path("meetings/<int:pk>/minutes.pdf", meetings.minutes_document, name="minutes_document"),
    path("meetings/<int:pk>/close/", meetings.close, name="close_meeting"),
]
