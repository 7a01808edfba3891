"""Organizations, people, keys."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO donors_apikey (name, prefix, scopes, digest, created_at, user_id)
VALUES ('k', 'p', '{read}', repeat('a', 64), now(), %(user)s);
INSERT INTO donors_organizationrequest (name, normalized, kind, place, asked_by_id, asked_for_id, asked_at, answer)
VALUES ('a', 'a', '90', '', %(user)s, %(org)s, now(), '');
INSERT INTO donors_invitation (organization_id, email, role, language, version, created_at, expires_at)
VALUES (%(org)s, 'a@example.org', 'viewer', 'en', 1, now(), now() + interval '7 days');
"""

# Constraint -> a statement that breaks it.
BREAKS = {
    "organization_has_a_name": "UPDATE donors_organization SET name = ''",
    "organization_kind_is_known": "UPDATE donors_organization SET kind = '99'",
    "organization_ref_is_unique": (
        "UPDATE donors_organization SET ref = CASE WHEN id = {org} THEN 'a-1' ELSE 'A-1' END"
    ),
    "organization_coordinates_alone": "UPDATE donors_organization SET is_coordinating_body = true",
    "alias_once_an_organization": (
        "INSERT INTO donors_organizationalias (organization_id, text, normalized, kind)"
        " SELECT organization_id, text, normalized, kind FROM donors_organizationalias"
    ),
    "alias_own_name_once": "UPDATE donors_organizationalias SET normalized = 'same', is_own = true",
    "alias_identifier_once": (
        "INSERT INTO donors_organizationalias (organization_id, text, normalized, kind)"
        " SELECT id, 'A-1', 'a 1', 'ref' FROM donors_organization"
    ),
    "removed_name_once": (
        "INSERT INTO donors_removedname (organization_id, normalized) SELECT {org}, 'a' FROM generate_series(1, 2)"
    ),
    "alias_is_normalized": "UPDATE donors_organizationalias SET normalized = ''",
    "alias_kind_is_known": "UPDATE donors_organizationalias SET kind = 'x'",
    "organization_request_has_a_name": "UPDATE donors_organizationrequest SET normalized = ''",
    "organization_request_answer_is_known": "UPDATE donors_organizationrequest SET answer = 'x', answered_at = now()",
    "organization_request_answered_when_answered": "UPDATE donors_organizationrequest SET answer = 'none'",
    "organization_request_organization_is_an_answer": (
        "UPDATE donors_organizationrequest SET organization_id = asked_for_id"
    ),
    "organization_request_open_once": (
        "INSERT INTO donors_organizationrequest (name, normalized, kind, place, asked_by_id, asked_for_id, asked_at,"
        " answer) SELECT name, normalized, kind, place, asked_by_id, asked_for_id, asked_at, answer"
        " FROM donors_organizationrequest"
    ),
    "user_email_is_unique": (
        "UPDATE donors_user SET email = CASE WHEN id = {user} THEN 'same@example.org' ELSE 'SAME@example.org' END"
    ),
    "user_email_has_an_at": "UPDATE donors_user SET email = 'x' WHERE id = {user}",
    "user_machine_is_nobody_s_boss_and_gets_no_letters": (
        "UPDATE donors_user SET machine_of_id = (SELECT min(id) FROM donors_organization), digest = 'off',"
        " is_superuser = true"
    ),
    "user_language_is_known": "UPDATE donors_user SET language = 'fr'",
    "membership_once_in_an_organization": (
        "INSERT INTO donors_membership (user_id, organization_id, role, created_at)"
        " SELECT user_id, organization_id, 'viewer', now() FROM donors_membership"
    ),
    "membership_role_is_known": "UPDATE donors_membership SET role = 'king'",
    "user_digest_is_known": "UPDATE donors_user SET digest = 'hourly'",
    "invitation_email_has_an_at": "UPDATE donors_invitation SET email = 'x'",
    "invitation_email_is_lower_case": "UPDATE donors_invitation SET email = 'A@example.org'",
    "invitation_role_is_known": "UPDATE donors_invitation SET role = 'king'",
    "invitation_language_is_known": "UPDATE donors_invitation SET language = ''",
    "invitation_version_begins_at_1": "UPDATE donors_invitation SET version = 0",
    "invitation_expires_after_it_is_made": "UPDATE donors_invitation SET expires_at = created_at",
    "invitation_accepted_or_withdrawn": "UPDATE donors_invitation SET accepted_at = now(), withdrawn_at = now()",
    "invitation_accepted_by_whoever_accepted": "UPDATE donors_invitation SET accepted_by_id = {user}",
    "invitation_open_once": (
        "INSERT INTO donors_invitation (organization_id, email, role, language, version, created_at, expires_at)"
        " SELECT organization_id, email, 'editor', 'es', 1, created_at, expires_at FROM donors_invitation"
    ),
    "api_key_has_a_name": "UPDATE donors_apikey SET name = ''",
    "api_key_digest_is_sha256": "UPDATE donors_apikey SET digest = 'x'",
    "api_key_scopes_are_known": "UPDATE donors_apikey SET scopes = '{{read,all}}'",
    "api_key_use_once_a_day": (
        "INSERT INTO donors_apikeyuse (key_id, day, method, path, status, calls)"
        " SELECT k.id, '2026-01-01', 'GET', '/api/v1/goals/', 200, 1 FROM donors_apikey k, generate_series(1, 2)"
    ),
    "answered_request_once": (
        "INSERT INTO donors_answeredrequest (user_id, key, fingerprint, body, headers, created_at)"
        " SELECT {user}, 'k', 'f', '', '{{}}', now() FROM generate_series(1, 2)"
    ),
}

# Table and trigger -> a statement that it refuses.
REFUSED = {
    "donors_membership.coordinators_in_the_coordinating_body": "UPDATE donors_membership SET role = 'coordinator'",
    "donors_invitation.coordinators_in_the_coordinating_body": "UPDATE donors_invitation SET role = 'coordinator'",
}
