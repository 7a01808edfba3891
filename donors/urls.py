from django.urls import path

from donors.views import account, emails, invitations, machines, names, organization_requests, people, sessions

app_name = "donors"
urlpatterns = [
    path("", account.account, name="account"),
    path("keys/", account.create_key, name="create_key"),
    path("keys/<int:pk>/revoke/", account.revoke_key, name="revoke_key"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/others/end/", sessions.end_other_sessions, name="end_other_sessions"),
    path("sessions/<int:pk>/end/", sessions.end_session, name="end_session"),
    path("people/", people.people_index, name="people_index"),
    path("people/<int:pk>/", people.people, name="people"),
    path("people/<int:pk>/invite/", people.invite, name="invite"),
    path("people/<int:pk>/invitations/<int:invitation_pk>/resend/", people.resend_invitation, name="resend_invitation"),
    path(
        "people/<int:pk>/invitations/<int:invitation_pk>/withdraw/",
        people.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("people/<int:pk>/members/<int:membership_pk>/role/", people.change_role, name="change_role"),
    path("people/<int:pk>/members/<int:membership_pk>/remove/", people.remove_member, name="remove_member"),
    path("people/<int:pk>/machines/", machines.machines, name="machines"),
    path("people/<int:pk>/machines/<int:machine_pk>/keys/", machines.make_machine_key, name="make_machine_key"),
    path(
        "people/<int:pk>/machines/<int:machine_pk>/keys/<int:key_pk>/revoke/",
        machines.revoke_machine_key,
        name="revoke_machine_key",
    ),
    path("people/<int:pk>/machines/<int:machine_pk>/stop/", machines.stop_machine, name="stop_machine"),
    path("people/<int:pk>/names/", names.names, name="names"),
    path("people/<int:pk>/names/<int:name_pk>/remove/", names.take_name, name="take_name"),
    path("organization-requests/", organization_requests.requests, name="organization_requests"),
    path("organization-requests/ask/", organization_requests.ask, name="ask_for_organization"),
    path("organization-requests/<int:pk>/", organization_requests.answer, name="organization_request"),
    path("emails/end/<str:token>/", emails.stop_emails, name="stop_emails"),
    path("letters/end/<str:token>/", emails.stop_emails_moved, name="stop_emails_moved"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
