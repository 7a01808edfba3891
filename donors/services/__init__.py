"""Every change to people, organizations, invitations and keys: one function a use case, one transaction each."""

from donors.services.answers import claim_answer, forget_old_answers, keep_answer
from donors.services.finder import OrganizationFinder
from donors.services.invitations import (
    accept_as_member,
    accept_as_new_person,
    invitation_behind,
    invite,
    link_to,
    resend_invitation,
    send_waiting_invitations,
    withdraw_invitation,
)
from donors.services.key_use import count_use, forget_old_use, write_down_use
from donors.services.keys import KEY_TYPE, NewKey, create_api_key, digest_of, note_use, revoke_api_key
from donors.services.machines import add_machine, create_machine_key, stop_machine
from donors.services.names import add_alias, give_name, load_listed_organizations, note_names, rename, take_name
from donors.services.organization_requests import (
    add_requested,
    answer_with_none,
    answer_with_organization,
    ask_for_organization,
)
from donors.services.organizations import (
    create_listed,
    create_organization,
    organizations_named,
    register_organizations,
)
from donors.services.people import (
    MACHINE_ROLES,
    change_profile,
    change_role,
    choose_digest,
    choose_language,
    remove_member,
)
from donors.services.sessions import OpenSession, end_session, end_sessions, note_session_seen, open_sessions

__all__ = [
    "KEY_TYPE",
    "MACHINE_ROLES",
    "NewKey",
    "OpenSession",
    "OrganizationFinder",
    "accept_as_member",
    "accept_as_new_person",
    "add_alias",
    "add_machine",
    "add_requested",
    "answer_with_none",
    "answer_with_organization",
    "ask_for_organization",
    "change_profile",
    "change_role",
    "choose_digest",
    "choose_language",
    "claim_answer",
    "count_use",
    "create_api_key",
    "create_listed",
    "create_machine_key",
    "create_organization",
    "digest_of",
    "end_session",
    "end_sessions",
    "forget_old_answers",
    "forget_old_use",
    "give_name",
    "invitation_behind",
    "invite",
    "keep_answer",
    "link_to",
    "load_listed_organizations",
    "note_names",
    "note_session_seen",
    "note_use",
    "open_sessions",
    "organizations_named",
    "register_organizations",
    "remove_member",
    "rename",
    "resend_invitation",
    "revoke_api_key",
    "send_waiting_invitations",
    "stop_machine",
    "take_name",
    "withdraw_invitation",
    "write_down_use",
]
