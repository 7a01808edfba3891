"""Webhooks, events, deliveries."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO webhooks_endpoint (owner_id, name, url, kinds, secret, ended, created_at)
VALUES (%(user)s, 'a', 'https://a.example.org/', '{overlap.flagged}', 'a', '', now());
INSERT INTO webhooks_event (kind, subject_id) VALUES ('overlap.flagged', 1);
INSERT INTO webhooks_delivery (id, endpoint_id, event_id, kind, body, state, tries, next_try_at, created_at)
SELECT gen_random_uuid(), e.id, (SELECT max(id) FROM webhooks_event), 'overlap.flagged', '{}', 'waiting', 0, now(),
now() FROM webhooks_endpoint e;
INSERT INTO webhooks_attempt (delivery_id, made_at, milliseconds, answer, problem)
SELECT id, now(), 5, '', 'timeout' FROM webhooks_delivery;
"""

# Constraint -> a statement that breaks it.
BREAKS = {
    "webhook_hears_of_something": "UPDATE webhooks_endpoint SET kinds = '{{}}'",
    "webhook_end_is_known": "UPDATE webhooks_endpoint SET ended = 'x'",
    "webhook_address_once_a_person": (
        "INSERT INTO webhooks_endpoint (owner_id, name, url, kinds, secret, ended, created_at)"
        " SELECT owner_id, 'b', url, kinds, 'b', '', now() FROM webhooks_endpoint"
    ),
    "delivery_once_an_event": (
        "INSERT INTO webhooks_delivery (id, endpoint_id, event_id, kind, body, state, tries, next_try_at, created_at)"
        " SELECT gen_random_uuid(), endpoint_id, event_id, kind, body, state, tries, next_try_at, now()"
        " FROM webhooks_delivery"
    ),
    "delivery_state_is_known": "UPDATE webhooks_delivery SET state = 'x', next_try_at = NULL",
    "delivery_waiting_has_a_next_try": "UPDATE webhooks_delivery SET next_try_at = NULL",
}

# Table and trigger -> a statement that it refuses.
REFUSED = {
    "webhooks_attempt.attempt_stays_as_it_was": "UPDATE webhooks_attempt SET status = 200",
}
