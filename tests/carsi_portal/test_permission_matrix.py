"""Who may open which address: a table over every pattern of the resolver. What is not in the table fails."""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from donors import services
from donors.emails import link_that_ends
from donors.models import ApiKey, Organization, OrganizationRequest, User
from goals.models import ExchangeRate
from programs.agreements.models import Commitment
from programs.discussion.models import Comment, Notification
from programs.discussion.services import write_comment
from programs.exchange.services import make_dumps
from programs.overlap.models import SavedView
from programs.reports import brief
from programs.reports.services import Selected, ask_for_report
from programs.reports.services import make as make_report
from programs.reports.services.monthly import link_that_ends as monthly_end
from programs.webhooks.models import Delivery, Endpoint
from programs.webhooks.services import ping
from tests import factories
from tests.programs.exchange.importing import row, upload_file
from tests.worlds import World, agreement, calibration, client_of, kept_through, meeting, session_of, uncertain

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "member of nobody", "viewer", "editor", "manager", "coordinator", "superuser")
# Statuses of the roles in their order, where all or most of them have the same.
EVERYBODY = (200,) * 7
SIGNED_IN = (302,) + (200,) * 6
API = (401,) + (200,) * 6
NOBODY = (404,) * 7
SETS_PRIORITIES = (302, 403, 403, 403, 403, 200, 200)
# Anyone who manages the people of an organization; it is not there for anybody else.
SEES_TO_PEOPLE = (302, 404, 404, 404, 200, 200, 200)
SEES_TO_PEOPLE_THEN_BACK = (302, 404, 404, 404, 302, 302, 302)
# Meetings are for coordinators.
COORDINATORS = (302, 403, 403, 403, 403, 200, 200)
COORDINATORS_400 = (302, 403, 403, 403, 403, 400, 400)
COORDINATORS_405 = (302, 403, 403, 403, 403, 405, 405)
COORDINATORS_THEN_BACK = (302, 403, 403, 403, 403, 302, 302)
NOT_THIS_METHOD = (405,) * 7
SIGNED_IN_NOT_THIS_METHOD = (302,) + (405,) * 6
API_NOT_THIS_METHOD = (401,) + (405,) * 6

IMPORT_STEPS = ("columns", "choices", "check", "apply", "undo", "cancel")

# Whole namespaces that Django and allauth answer for: named by their beginning, tried at one address each.
BY_BEGINNING = {
    "admin:": "admin:index",
    "account_": "account_change_password",
    "mfa_": "mfa_index",
    # Has a table of its own: tests/programs/exchange/test_who_may_import.py.
    "exchange:": "exchange:list",
}

Row = tuple[str, str, tuple[int, ...]]
# URL name, method, statuses of ROLES. What an address with an id is tried on: OBJECTS.
TABLE: list[Row] = [
    ("admin:index", "get", (302, 302, 302, 302, 302, 302, 200)),
    ("account_change_password", "get", SIGNED_IN),
    ("mfa_index", "get", SIGNED_IN),
    ("goals:glossary", "get", EVERYBODY),
    ("goals:glossary", "post", NOT_THIS_METHOD),
    *((f"goals:{name}", "get", SIGNED_IN) for name in ("rates", "rates_of")),
    *((f"goals:{name}", "post", SIGNED_IN_NOT_THIS_METHOD) for name in ("rates", "rates_of")),
    *((f"goals:{name}", "get", SIGNED_IN_NOT_THIS_METHOD) for name in ("enter_rate", "upload_rates", "decide_rate")),
    *((f"goals:{name}", "post", (302, 403, 403, 403, 403, 403, 400)) for name in ("enter_rate", "upload_rates")),
    ("goals:decide_rate", "post", (302, 403, 403, 403, 403, 403, 302)),
    ("region:home", "get", SIGNED_IN),
    ("region:home", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("region:donors", "get", SIGNED_IN),
    ("region:donors", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("region:donor", "get", SIGNED_IN),
    ("region:donor", "post", SIGNED_IN_NOT_THIS_METHOD),
    *((f"reports:{kind}", method, statuses)
      for kind in ("country", "country_brief", "goal", "goal_brief", "area", "area_brief", "donor_brief")
      for method, statuses in (("get", SIGNED_IN), ("post", SIGNED_IN_NOT_THIS_METHOD))),
    ("reports:list", "get", SIGNED_IN),
    ("reports:list", "post", (302,) + (400,) * 6),
    ("reports:list", "put", SIGNED_IN_NOT_THIS_METHOD),
    # Made by a coordinator: for coordinators and administrators.
    *((f"reports:{name}", method, statuses)
      for name in ("report", "progress", "file")
      for method, statuses in (("get", (302, 404, 404, 404, 404, 200, 200)), ("post", SIGNED_IN_NOT_THIS_METHOD))),
    *((f"reports:{name}", "get", SIGNED_IN_NOT_THIS_METHOD) for name in ("cancel", "delete")),
    ("reports:cancel", "post", (302, 404, 404, 404, 404, 302, 302)),
    # Another coordinator is told that it is not theirs to delete.
    ("reports:delete", "post", (302, 404, 404, 404, 404, 302, 302)),
    ("reports:begin_monthly", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("reports:begin_monthly", "post", (302,) * 7),
    ("reports:stop_monthly", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("reports:stop_monthly", "post", (302,) * 7),
    # The link in an email says who by itself; a mail program follows it without a session.
    ("reports:end_monthly", "get", EVERYBODY),
    ("reports:end_monthly", "post", EVERYBODY),
    ("reports:end_monthly", "put", NOT_THIS_METHOD),
    ("programs:list", "get", SIGNED_IN),
    ("programs:list", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:detail", "get", SIGNED_IN),
    ("programs:detail", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:goals", "get", (302, 403, 403, 200, 200, 200, 200)),
    ("programs:goals", "post", (302, 403, 403, 400, 400, 400, 400)),
    ("programs:goals", "put", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:list", "get", SIGNED_IN),
    ("overlap:list", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:movement", "get", SIGNED_IN),
    ("overlap:movement", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:triage", "get", SIGNED_IN_NOT_THIS_METHOD),
    # Anyone who decides is sent back with what is missing.
    ("overlap:triage", "post", (302, 403, 403, 403, 403, 302, 302)),
    ("overlap:save-view", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:save-view", "post", (302,) * 7),
    ("overlap:delete-view", "get", SIGNED_IN_NOT_THIS_METHOD),
    # Somebody else's view.
    ("overlap:delete-view", "post", (302,) + (404,) * 6),
    ("overlap:detail", "get", SIGNED_IN),
    ("overlap:detail", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:review", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:review", "post", (302, 403, 403, 403, 403, 400, 400)),
    ("donors:account", "get", SIGNED_IN),
    ("donors:account", "post", (302,) + (400,) * 6),
    ("donors:account", "put", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:create_key", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:create_key", "post", (302,) + (400,) * 6),
    ("donors:revoke_key", "get", SIGNED_IN_NOT_THIS_METHOD),
    # Somebody else's key is nobody's business, not even an administrator's.
    ("donors:revoke_key", "post", (302,) + (404,) * 6),
    ("donors:sessions", "get", SIGNED_IN),
    ("donors:sessions", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:end_other_sessions", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:end_other_sessions", "post", (302,) * 7),
    ("donors:end_session", "get", SIGNED_IN_NOT_THIS_METHOD),
    # Somebody else's session.
    ("donors:end_session", "post", (302,) + (404,) * 6),
    # A manager of one organization alone is sent to its people at once.
    ("donors:people_index", "get", (302, 200, 200, 200, 302, 200, 200)),
    ("donors:people_index", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:people", "get", SEES_TO_PEOPLE),
    ("donors:people", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:machines", "get", SEES_TO_PEOPLE),
    ("donors:machines", "post", (302, 404, 404, 404, 400, 400, 400)),
    ("donors:names", "get", SEES_TO_PEOPLE),
    ("donors:names", "post", (302, 404, 404, 404, 400, 400, 400)),
    ("donors:take_name", "get", SIGNED_IN_NOT_THIS_METHOD),
    # The manager is the first who may, and after that there is no such name.
    ("donors:take_name", "post", (302, 404, 404, 404, 302, 404, 404)),
    *((f"donors:{name}", "get", SIGNED_IN_NOT_THIS_METHOD)
      for name in ("make_machine_key", "revoke_machine_key", "stop_machine")),
    ("donors:make_machine_key", "post", (302, 404, 404, 404, 400, 400, 400)),
    ("donors:revoke_machine_key", "post", SEES_TO_PEOPLE_THEN_BACK),
    # The manager is the first who may, and after that there is no such account.
    ("donors:stop_machine", "post", (302, 404, 404, 404, 302, 404, 404)),
    ("donors:invite", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:invite", "post", (302, 404, 404, 404, 400, 400, 400)),
    *((f"donors:{name}", "get", SIGNED_IN_NOT_THIS_METHOD)
      for name in ("resend_invitation", "withdraw_invitation", "change_role")),
    *((f"donors:{name}", "post", SEES_TO_PEOPLE_THEN_BACK)
      for name in ("resend_invitation", "withdraw_invitation", "change_role")),
    # The manager is the first who may, and after that there is nobody to remove.
    ("donors:remove_member", "post", (302, 404, 404, 404, 302, 404, 404)),
    ("donors:remove_member", "get", SEES_TO_PEOPLE),
    # The link of an invitation; with no account for its address, anyone who is signed in is somebody else.
    ("donors:invitation", "get", (200,) + (409,) * 6),
    ("donors:invitation", "post", (400,) + (409,) * 6),
    ("donors:invitation", "put", NOT_THIS_METHOD),
    ("donors:organization_requests", "get", SIGNED_IN),
    ("donors:organization_requests", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:ask_for_organization", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("donors:ask_for_organization", "post", (302,) + (404,) * 6),
    ("donors:organization_request", "get", (302, 404, 404, 404, 200, 200, 200)),
    ("donors:organization_request", "post", (302, 404, 404, 404, 403, 400, 400)),
    # The link in an email says who by itself; a mail program follows it without a session.
    ("donors:stop_emails", "get", EVERYBODY),
    ("donors:stop_emails", "post", EVERYBODY),
    ("donors:stop_emails", "put", NOT_THIS_METHOD),
    ("donors:stop_emails_moved", "get", (301,) * len(EVERYBODY)),
    ("donors:stop_emails_moved", "post", EVERYBODY),
    ("donors:stop_emails_moved", "put", NOT_THIS_METHOD),
    *((f"discussion:{name}", method, statuses)
      for name in ("comments_on_program", "comments_on_overlap")
      for method, statuses in (("get", (302, 403, 200, 200, 200, 200, 200)),
                               ("post", (302, 403, 400, 400, 400, 400, 400)),
                               ("put", SIGNED_IN_NOT_THIS_METHOD))),
    # Somebody else's comment.
    ("discussion:withdraw", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("discussion:withdraw", "post", (302, 404, 403, 403, 403, 403, 403)),
    ("discussion:notifications", "get", SIGNED_IN),
    ("discussion:notifications", "post", SIGNED_IN_NOT_THIS_METHOD),
    # Somebody else's notification.
    ("discussion:open", "get", (302,) + (404,) * 6),
    ("discussion:open", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("discussion:mark_read", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("discussion:mark_read", "post", (302,) + (404,) * 6),
    ("discussion:mark_all_read", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("discussion:mark_all_read", "post", (302,) + (404,) * 6),
    ("agreements:list", "get", SIGNED_IN),
    ("agreements:list", "post", SIGNED_IN_NOT_THIS_METHOD),
    # On no overlap.
    ("agreements:new", "get", (302, 403, 403, 403, 403, 404, 404)),
    ("agreements:new", "post", (302, 403, 403, 403, 403, 404, 404)),
    # A proposal to the own organization and another: anyone who is of neither does not see it.
    ("agreements:detail", "get", (302, 404, 200, 200, 200, 200, 200)),
    ("agreements:detail", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("agreements:edit", "get", (302, 404, 403, 403, 403, 302, 302)),
    ("agreements:edit", "put", SIGNED_IN_NOT_THIS_METHOD),
    ("agreements:comments", "get", (302, 404, 200, 200, 200, 200, 200)),
    ("agreements:comments", "post", (302, 404, 400, 400, 400, 400, 400)),
    ("agreements:comments", "put", SIGNED_IN_NOT_THIS_METHOD),
    ("agreements:terms", "get", (302, 404, 403, 403, 200, 200, 200)),
    ("agreements:terms", "post", (302, 404, 403, 403, 400, 400, 400)),
    ("agreements:answer", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("agreements:answer", "post", (302, 404, 403, 403, 400, 403, 403)),
    ("agreements:move", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("agreements:move", "post", (302, 404, 403, 403, 403, 400, 400)),
    ("agreements:mark", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("agreements:mark", "post", (302, 404, 400, 400, 400, 400, 400)),
    ("agreements:meetings", "get", COORDINATORS),
    ("agreements:meetings", "post", COORDINATORS_400),
    *((f"agreements:{name}", "get", COORDINATORS)
      for name in ("meeting", "meeting_cases", "screen", "minutes", "minutes_document")),
    ("agreements:meeting", "post", COORDINATORS_400),
    ("agreements:meeting_cases", "post", COORDINATORS_THEN_BACK),
    ("agreements:screen", "post", COORDINATORS_400),
    *((f"agreements:{name}", "post", COORDINATORS_405) for name in ("minutes", "minutes_document")),
    *((f"agreements:{name}", "get", COORDINATORS_405) for name in ("change_case", "close_meeting")),
    *((f"agreements:{name}", "post", COORDINATORS_THEN_BACK) for name in ("change_case", "close_meeting")),
    ("me", "get", API),
    ("me", "post", API_NOT_THIS_METHOD),
    *((name, method, statuses)
      for name in ("transaction-list", "transaction-detail")
      for method, statuses in (("get", API), ("post", API_NOT_THIS_METHOD), ("delete", API_NOT_THIS_METHOD))),
    ("overlap-reviews", "get", API_NOT_THIS_METHOD),
    ("overlap-reviews", "post", (401,) + (415,) * 6),  # only JSON is read
    ("saved-search-list", "get", API),
    ("saved-search-list", "post", (401,) + (415,) * 6),
    # Somebody else's.
    *(("saved-search-detail", method, (401,) + (404,) * 6) for method in ("get", "delete")),
    ("saved-search-detail", "patch", API_NOT_THIS_METHOD),
    ("comment-list", "get", API),
    ("comment-list", "post", (401,) + (415,) * 6),
    ("comment-detail", "get", (401, 404, 200, 200, 200, 200, 200)),
    ("comment-detail", "put", API_NOT_THIS_METHOD),
    *((f"dump-{name}", method, statuses)
      for name in ("list", "detail", "file")
      for method, statuses in (("get", API), ("post", API_NOT_THIS_METHOD))),
    ("import-list", "get", API),
    # For nobody, or without a file.
    ("import-list", "post", (401, 403, 403, 400, 400, 403, 400)),
    *((f"import-{name}", "get", API_NOT_THIS_METHOD) for name in IMPORT_STEPS),
    *((f"import-{name}", "post", (401, 404, 404, 415, 415, 404, 415))
      for name in IMPORT_STEPS),
    # The editor's deletes it.
    ("import-detail", "delete", (401, 404, 404, 204, 404, 404, 404)),
    # Made by a coordinator: for coordinators and administrators.
    ("report-list", "get", API),
    ("report-list", "post", API_NOT_THIS_METHOD),
    ("report-detail", "get", (401, 404, 404, 404, 404, 200, 200)),
    ("report-detail", "delete", (401, 404, 404, 404, 404, 403, 204)),
    ("report-cancel", "get", API_NOT_THIS_METHOD),
    ("report-cancel", "post", (401, 404, 404, 404, 404, 415, 415)),
    *((name, method, statuses)
      for name in ("import-detail", "import-rows")
      for method, statuses in (("get", (401, 404, 404, 200, 200, 404, 200)), ("post", API_NOT_THIS_METHOD))),
    ("agreement-list", "get", API),
    # Who may not draft is told so, whatever they send.
    ("agreement-list", "post", (401, 403, 403, 403, 403, 415, 415)),
    ("agreement-detail", "get", (401, 404, 200, 200, 200, 200, 200)),
    *(("agreement-detail", method, API_NOT_THIS_METHOD) for method in ("put", "delete")),
    ("agreement-detail", "patch", (401, 404, 403, 403, 403, 428, 428)),
    *((f"agreement-{name}", "get", API_NOT_THIS_METHOD) for name in ("moves", "marks")),
    ("agreement-moves", "post", (401, 404, 403, 403, 403, 428, 428)),
    ("agreement-marks", "post", (401, 404, 415, 415, 415, 415, 415)),
    ("agreement-answer", "get", API_NOT_THIS_METHOD),
    # A form is no JSON.
    ("agreement-answer", "post", (401, 404, 415, 415, 415, 415, 415)),
    ("webhooks:list", "get", SIGNED_IN),
    ("webhooks:list", "post", (302,) + (400,) * 6),
    ("webhooks:list", "put", SIGNED_IN_NOT_THIS_METHOD),
    # Somebody else's webhook is nobody's business, not even an administrator's.
    ("webhooks:detail", "get", (302,) + (404,) * 6),
    ("webhooks:detail", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("webhooks:test_progress", "get", (302,) + (404,) * 6),
    ("webhooks:test_progress", "post", SIGNED_IN_NOT_THIS_METHOD),
    *((f"webhooks:{name}", method, statuses)
      for name in ("test", "switch_off", "switch_on", "new_secret", "delete", "replay", "cancel", "delete_delivery")
      for method, statuses in (("get", SIGNED_IN_NOT_THIS_METHOD), ("post", (302,) + (404,) * 6))),
    ("programs:new", "get", (302, 403, 403, 200, 200, 403, 200)),
    ("programs:new", "post", (302, 403, 403, 302, 400, 403, 302)),
    ("programs:autosave_new", "get", (401, 403, 403, 200, 200, 403, 200)),
    ("programs:autosave_new", "post", (401, 403, 403, 200, 400, 403, 200)),
    ("programs:choices", "get", SIGNED_IN),
    ("programs:choices", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:dollars", "get", SIGNED_IN),
    ("programs:dollars", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:proposed_goals", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:proposed_goals", "post", (302, 403, 403, 200, 200, 403, 200)),
    ("programs:results", "get", (302, 403, 403, 200, 200, 403, 200)),
    ("programs:results", "post", (302, 403, 403, 409, 409, 403, 409)),
    ("programs:edit", "get", (302, 403, 403, 200, 200, 403, 200)),
    ("programs:edit", "post", (302, 403, 403, 409, 409, 403, 409)),
    ("programs:autosave", "get", (401, 403, 403, 200, 200, 403, 200)),
    ("programs:autosave", "post", (401, 403, 403, 409, 409, 403, 409)),
    ("programs:move", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:move", "post", (302, 403, 403, 302, 302, 302, 302)),
    # What is published is kept, and anyone who could delete a draft is told so.
    ("programs:delete", "post", (302, 403, 403, 302, 302, 403, 302)),
    ("programs:delete", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:history", "get", (302, 403, 200, 200, 200, 200, 200)),
    ("programs:history", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:restore", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("programs:restore", "post", (302, 403, 404, 404, 404, 404, 404)),
    ("overlap:case", "get", (302, 404, 404, 404, 404, 404, 404)),
    ("overlap:case", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:case-pdf", "get", (302, 404, 404, 404, 404, 404, 404)),
    ("overlap:case-pdf", "post", SIGNED_IN_NOT_THIS_METHOD),
    # The address that cases had before; it sends on.
    ("overlap:cluster", "get", (302,) * 7),
    ("overlap:cluster", "post", (302,) * 7),
    ("overlap:scans", "get", (302, 403, 403, 403, 403, 200, 200)),
    ("overlap:scans", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:scan-progress", "get", (302, 403, 403, 403, 403, 200, 200)),
    ("overlap:scan-progress", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:start-scan", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:start-scan", "post", (302, 403, 403, 403, 403, 302, 302)),
    *((f"overlap:{name}", "get", SIGNED_IN_NOT_THIS_METHOD) for name in ("cancel-scan", "delete-scan")),
    ("overlap:cancel-scan", "post", (302, 403, 403, 403, 403, 302, 302)),
    ("overlap:delete-scan", "post", (302, 403, 403, 403, 403, 404, 404)),
    *((f"overlap:{name}", "get", COORDINATORS) for name in ("accuracy", "calibrations", "uncertain")),
    *((f"overlap:{name}", "post", SIGNED_IN_NOT_THIS_METHOD) for name in ("accuracy", "calibrations", "uncertain")),
    *((f"overlap:{name}", "get", SIGNED_IN_NOT_THIS_METHOD) for name in ("move-calibration", "answer")),
    # Without a decision.
    *((f"overlap:{name}", "post", COORDINATORS_400) for name in ("move-calibration", "answer")),
    ("overlap:preview", "get", SIGNED_IN_NOT_THIS_METHOD),
    ("overlap:preview", "post", (302, 403, 403, 200, 200, 403, 200)),
    ("region:gaps", "get", SIGNED_IN),
    ("region:gaps", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("region:search", "get", SIGNED_IN),
    ("region:search", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("region:money", "get", SIGNED_IN),
    ("region:money", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("region:money_sheet", "get", SIGNED_IN),
    ("region:money_sheet", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("region:money_behind", "get", (302, 404, 404, 404, 404, 404, 404)),
    ("region:money_behind", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("region:picture", "get", SIGNED_IN),
    ("region:picture", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("region:my_organization", "get", (302, 404, 200, 200, 200, 200, 404)),
    ("region:my_organization", "post", SIGNED_IN_NOT_THIS_METHOD),
    # Priorities are for everybody who is signed in to read; countries and coordinators enter them.
    ("priorities:list", "get", SIGNED_IN),
    ("priorities:list", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("priorities:detail", "get", SIGNED_IN),
    ("priorities:detail", "post", SIGNED_IN_NOT_THIS_METHOD),
    *((f"priorities:{name}", "get", SETS_PRIORITIES) for name in ("new", "edit", "end", "import")),
    *((f"priorities:{name}", "post", (302, 403, 403, 403, 403, 400, 400)) for name in ("new", "edit", "end", "import")),
    *((f"priorities:{name}", "post", (302, 403, 403, 403, 403, 302, 302)) for name in ("move", "apply")),
    *((f"priorities:{name}", "get", SIGNED_IN_NOT_THIS_METHOD) for name in ("move", "apply", "settle")),
    ("priorities:settle", "post", (302, 403, 403, 302, 302, 302, 302)),
    ("priorities:template", "get", SIGNED_IN),
    ("priorities:template", "post", SIGNED_IN_NOT_THIS_METHOD),
    ("exchange:list", "get", (302, 403, 403, 200, 200, 403, 200)),
    ("exchange:list", "post", (302, 403, 403, 400, 400, 403, 400)),
    *((f"{name}-{kind}", "get", API)
      for name in ("goal", "country", "area", "sector", "exchangerate", "organization", "program", "overlap")
      for kind in ("list", "detail")),
    *((f"{name}-{kind}", method, API_NOT_THIS_METHOD)
      for name in ("goal", "country", "area", "sector", "exchangerate", "organization", "overlap")
      for kind, method in (("list", "post"), ("detail", "put"), ("detail", "patch"), ("detail", "delete"))),
    # Nothing is sent: 400; without If-Match, 428.
    ("program-list", "post", (401,) + (415,) * 6),
    ("program-detail", "patch", (401,) + (428,) * 6),
    ("program-detail", "put", API_NOT_THIS_METHOD),
    ("program-detail", "delete", (401, 403, 403, 409, 409, 403, 409)),
    ("program-moves", "post", (401,) + (428,) * 6),
    ("program-moves", "get", API_NOT_THIS_METHOD),
    ("program-history", "get", (401, 404, 200, 200, 200, 200, 200)),
    ("program-history", "post", API_NOT_THIS_METHOD),
    ("program-bulk", "post", (401,) + (415,) * 6),
    ("program-bulk", "get", API_NOT_THIS_METHOD),
    ("program-ids", "get", API),
    ("program-ids", "post", API_NOT_THIS_METHOD),
    ("agreement-ids", "get", API),
    ("agreement-ids", "post", API_NOT_THIS_METHOD),
    ("overlap-ids", "get", API),
    ("overlap-ids", "post", API_NOT_THIS_METHOD),
    ("priority-list", "get", API),
    ("priority-list", "post", (401,) + (415,) * 6),  # only JSON is read
    ("priority-list", "put", API_NOT_THIS_METHOD),
    ("priority-detail", "get", API),
    # Nobody says which version is changed.
    ("priority-detail", "patch", (401,) + (428,) * 6),
    ("priority-detail", "put", API_NOT_THIS_METHOD),
    ("priority-detail", "delete", API_NOT_THIS_METHOD),
    ("accuracy", "get", (401, 403, 403, 403, 403, 200, 200)),
    ("accuracy", "post", (401, 405, 405, 405, 405, 405, 405)),
    *((f"uncertain-pair-{view}", "get", (401, 403, 403, 403, 403, 200, 200)) for view in ("list", "detail")),
    *((f"uncertain-pair-{view}", "post", (401, 403, 403, 403, 403, 405, 405)) for view in ("list", "detail")),
    *((f"{name}-list", "get", API) for name in ("gap", "matrix", "money", "search", "year")),
    *((f"{name}-list", "post", API_NOT_THIS_METHOD) for name in ("gap", "matrix", "money", "search", "year")),
    ("api-root", "get", API),
    ("api-root", "post", API_NOT_THIS_METHOD),
    ("schema", "get", EVERYBODY),
    ("schema", "post", NOT_THIS_METHOD),
    ("api-docs", "get", EVERYBODY),
    ("api-docs", "post", NOT_THIS_METHOD),
    ("/api/nowhere/", "get", NOBODY),
    ("/api/nowhere/", "post", NOBODY),
    ("i18n:set_language", "get", (302,) * 7),
    ("i18n:set_language", "post", (302,) * 7),
    ("healthz", "get", EVERYBODY),
    ("healthz", "post", NOT_THIS_METHOD),
    ("readyz", "get", EVERYBODY),
    ("readyz", "post", NOT_THIS_METHOD),
]  # fmt: skip
# Who may see the program of each kind, in the order of ROLES; its overlap with a public program likewise.
SEEN: dict[str, str] = {
    "own public": "yes yes yes yes yes yes",
    "own partners": "no yes yes yes yes yes",
    "own restricted": "no yes yes yes yes yes",
    "own draft": "no yes yes yes no yes",
    "other public": "yes yes yes yes yes yes",
    "other partners": "no yes yes yes yes yes",
    "other restricted": "no no no no yes yes",
    "other draft": "no no no no no yes",
}
# Who may correct the goals of a program of each kind: 200, 403 where it may be seen, 404 where not.
GOALS: dict[str, tuple[int, ...]] = {
    "own public": (403, 403, 200, 200, 200, 200),
    "own partners": (404, 403, 200, 200, 200, 200),
    "own restricted": (404, 403, 200, 200, 200, 200),
    "own draft": (404, 403, 200, 200, 404, 200),
    "other public": (403, 403, 403, 403, 200, 200),
    "other partners": (404, 403, 403, 403, 200, 200),
    "other restricted": (404, 404, 404, 404, 200, 200),
    "other draft": (404, 404, 404, 404, 404, 200),
}


def names_of(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all patterns; of one without a name, its pattern."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"
        else:
            yield from names_of(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


def missing_from_the_table(names: Iterator[str]) -> set[str]:
    known = {"^.*$" if name.startswith("/") else name for name, _method, _statuses in TABLE}
    return {name for name in names if name not in known and not name.startswith(tuple(BY_BEGINNING))}


def test_every_address_is_in_the_table() -> None:
    assert missing_from_the_table(names_of(get_resolver())) == set()


def test_an_address_that_is_not_in_the_table_is_found() -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse()

    made_up = URLResolver(
        get_resolver().pattern,
        [path("new/", view, name="new"), path("old/", view, name="healthz"), path("bare/", view)],
    )

    assert missing_from_the_table(names_of(made_up)) == {"new", "bare/"}


def test_every_beginning_is_tried_and_matches_something() -> None:
    names = list(names_of(get_resolver()))

    for beginning, tried in BY_BEGINNING.items():
        assert any(name == tried for name, _method, _statuses in TABLE)
        assert any(name.startswith(beginning) for name in names)


@dataclass
class SignedInWorld(World):
    """The world, somebody of each role with a session, and a report of another coordinator."""

    sessions: dict[str, str] = field(default_factory=dict)
    report: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        for role in ROLES:
            if (person := self.person(role)) is not None:
                # All of one name: who sees the same gets the same document.
                User.objects.filter(pk=person.pk).update(full_name="Ana Paz")
                self.sessions[role] = session_of(person)
        self.report = report_of(self.person("coordinator"))

    def client(self, role: str) -> Client:
        """A browser of that role's person, in which nothing but the session is remembered."""
        return client_of(self.sessions.get(role, ""))


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[SignedInWorld]:
    """The world, made once for all tests of this file; what each of them changes in it is rolled back: also the end of
    a session, of which the cache, emptied before each test, knows nothing either."""
    with kept_through(django_db_blocker, SignedInWorld) as world:
        yield world


@pytest.fixture(scope="module", autouse=True)
def _the_same_document_once() -> Iterator[None]:
    """The same HTML gives the same bytes (test_pdf.py), and takes longer than all else of a test: it is made once."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(brief, "pdf_of", cache(brief.pdf_of))
        yield


@pytest.fixture
def world(built: SignedInWorld, db: None) -> SignedInWorld:
    return deepcopy(built)


def comment_of_somebody(world: World, mentioned: Iterable[int] = ()) -> Comment:
    author = factories.user(world.own, "editor")
    return write_comment(world.programs["own public"], actor=author, text="Hello", mentioned=set(mentioned), key=None)


def notification_of_somebody(world: World) -> Notification:
    mentioned = factories.user(world.own, "editor")
    comment_of_somebody(world, mentioned=[mentioned.pk])
    return Notification.objects.get(recipient=mentioned)


def webhook_of_somebody() -> Delivery:
    """A message of somebody else's webhook."""
    somebody = factories.user()
    endpoint = Endpoint(owner=somebody, name="Warehouse", url="https://example.org/hook", kinds=["program.published"])
    endpoint.make_secret()
    endpoint.save()
    return ping(endpoint, actor=somebody)


def name_of(organization: Organization) -> int:
    """A further name of an organization."""
    alias = services.add_alias(organization, "Fondo de Barrios")
    assert alias is not None
    return alias.pk


def machine_key(world: World) -> ApiKey:
    """A key of a machine account of the own organization."""
    admin = factories.user(is_superuser=True)
    machine = services.add_machine(world.own, "Nightly job", "editor", actor=admin)
    return services.create_machine_key(machine, "key", actor=admin).key


def request_of_somebody(world: World) -> OrganizationRequest:
    asker = factories.user(world.own, "editor")
    return services.ask_for_organization("Calle Segura", actor=asker, asked_for=world.own)


def report_of(coordinator: User | None) -> int:
    """A report that is made: as long as all else of a test, so that all tests look at one."""
    report = ask_for_report(coordinator, date(2026, 1, 1), date(2026, 1, 31), Selected())
    make_report(report.pk)
    return report.pk


def address(name: str, world: SignedInWorld) -> str:
    """The address of that name; one with an id, of what everybody signed in may see."""
    if name.startswith("/"):
        return name
    program, overlap = world.programs["own public"], world.overlaps["own public"]
    objects: dict[str, Callable[[], Any]] = {
        "region:donor": lambda: world.other.pk,
        "reports:donor_brief": lambda: world.other.pk,
        **dict.fromkeys(
            (
                "reports:report",
                "reports:progress",
                "reports:cancel",
                "reports:delete",
                "report-detail",
                "report-cancel",
            ),
            lambda: world.report,
        ),
        "reports:file": lambda: (world.report, "pdf"),
        "reports:end_monthly": lambda: monthly_end(factories.user()).rstrip("/").rpartition("/")[2],
        **dict.fromkeys(("reports:country", "reports:country_brief"), lambda: "HN"),
        **dict.fromkeys(("reports:goal", "reports:goal_brief"), lambda: 1),
        **dict.fromkeys(("reports:area", "reports:area_brief"), lambda: "HN-CR"),
        "programs:detail": lambda: program.pk,
        "programs:goals": lambda: program.pk,
        "donors:people": lambda: world.own.pk,
        **dict.fromkeys(("donors:invite", "donors:machines", "donors:names"), lambda: world.own.pk),
        "donors:take_name": lambda: (world.own.pk, name_of(world.own)),
        **dict.fromkeys(
            ("donors:make_machine_key", "donors:stop_machine"), lambda: (world.own.pk, machine_key(world).user_id)
        ),
        "donors:revoke_machine_key": lambda: (world.own.pk, (key := machine_key(world)).user_id, key.pk),
        "programs:choices": lambda: "organizations",
        "programs:results": lambda: program.pk,
        "programs:edit": lambda: program.pk,
        "programs:autosave": lambda: program.pk,
        "programs:move": lambda: program.pk,
        "programs:delete": lambda: program.pk,
        "programs:history": lambda: program.pk,
        "programs:restore": lambda: program.pk,
        "overlap:case": lambda: 0,
        "overlap:case-pdf": lambda: 0,
        "overlap:delete-view": lambda: 0,
        "overlap:delete-scan": lambda: 0,
        "overlap:cluster": lambda: 0,
        **{
            name: lambda: uncertain(overlap.left, overlap.right).pk
            for name in ("overlap:uncertain", "overlap:answer", "uncertain-pair-detail")
        },
        "overlap:move-calibration": lambda: calibration().pk,
        "overlap:detail": lambda: overlap.pk,
        "overlap:review": lambda: overlap.pk,
        "donors:revoke_key": lambda: services.create_api_key(factories.user(), "somebody else's").key.pk,
        "donors:end_session": lambda: factories.session(factories.user()).pk,
        "donors:invitation": lambda: services.link_to(factories.invitation(world.own)).rstrip("/").rpartition("/")[2],
        "donors:organization_request": lambda: request_of_somebody(world).pk,
        **{
            f"donors:{name}": lambda: link_that_ends(factories.user()).rstrip("/").rpartition("/")[2]
            for name in ("stop_emails", "stop_emails_moved")
        },
        "discussion:comments_on_program": lambda: program.pk,
        "discussion:comments_on_overlap": lambda: overlap.pk,
        "discussion:withdraw": lambda: comment_of_somebody(world).pk,
        "discussion:open": lambda: notification_of_somebody(world).pk,
        "discussion:mark_read": lambda: notification_of_somebody(world).pk,
        "donors:resend_invitation": lambda: (world.own.pk, factories.invitation(world.own).pk),
        "donors:withdraw_invitation": lambda: (world.own.pk, factories.invitation(world.own).pk),
        "donors:change_role": lambda: (world.own.pk, factories.member(world.own).pk),
        "donors:remove_member": lambda: (world.own.pk, factories.member(world.own).pk),
        **{
            f"webhooks:{name}": lambda: webhook_of_somebody().endpoint_id
            for name in ("detail", "test", "test_progress", "switch_off", "switch_on", "new_secret", "delete")
        },
        **dict.fromkeys(
            ("webhooks:replay", "webhooks:cancel", "webhooks:delete_delivery"),
            lambda: ((message := webhook_of_somebody()).endpoint_id, message.pk),
        ),
        **{
            f"agreements:{name}": lambda: agreement(world).pk
            for name in ("detail", "edit", "terms", "answer", "move", "comments")
        },
        "agreements:mark": lambda: (
            (row := Commitment.objects.get(version__agreement=agreement(world))).version.agreement_id,
            row.pk,
        ),
        **{
            f"agreements:{name}": lambda: meeting(world).pk
            for name in ("meeting", "meeting_cases", "minutes", "minutes_document", "close_meeting")
        },
        "agreements:change_case": lambda: ((item := meeting(world).items.get()).meeting_id, item.pk),
        "agreements:screen": lambda: (meeting(world).pk, 1),
        **{f"agreement-{name}": lambda: agreement(world).pk for name in ("detail", "answer", "moves", "marks")},
        **{f"priorities:{name}": lambda: factories.priority().pk for name in ("detail", "edit", "move", "end")},
        "priorities:settle": lambda: factories.priority_link(program).pk,
        "priorities:template": lambda: "csv",
        "goals:rates_of": lambda: "HNL",
        "goals:decide_rate": lambda: factories.held_rate().pk,
        "region:picture": lambda: ("areas", "svg"),
        "priority-detail": lambda: factories.priority().pk,
        "goal-detail": lambda: 1,
        "country-detail": lambda: "HN",
        "exchangerate-detail": lambda: ExchangeRate.objects.earliest("pk").pk,
        "area-detail": lambda: "HN-CR",
        "sector-detail": lambda: "15132",
        "organization-detail": lambda: world.other.pk,
        **dict.fromkeys(("program-detail", "program-moves", "program-history"), lambda: program.pk),
        **dict.fromkeys(("overlap-detail", "overlap-reviews"), lambda: overlap.pk),
        **dict.fromkeys(("dump-detail", "dump-file"), lambda: make_dumps(date(2026, 11, 25))[0].pk),
        "transaction-detail": lambda: program.transactions.earliest("pk").pk,
        "saved-search-detail": lambda: SavedView.objects.create(owner=factories.user(), name="Mine").pk,
        "comment-detail": lambda: comment_of_somebody(world).pk,
        **dict.fromkeys(
            [f"import-{name}" for name in ("detail", "rows", *IMPORT_STEPS)],
            lambda: upload_file(world.own, factories.user(is_superuser=True), [row()]).pk,
        ),
    }
    if name not in objects:
        return reverse(name)
    found = objects[name]()
    return reverse(name, args=found if isinstance(found, tuple) else [found])


@pytest.mark.parametrize(("name", "method", "statuses"), TABLE, ids=[f"{name} {method}" for name, method, _ in TABLE])
def test_who_may_open_it(name: str, method: str, statuses: tuple[int, ...], world: SignedInWorld) -> None:
    there = address(name, world)

    answered = {role: getattr(world.client(role), method)(there).status_code for role in ROLES}

    assert answered == dict(zip(ROLES, statuses, strict=True))


class TestVisibility:
    """What one may not see has no trace: 404 at its address, and in no list, count or sum, on pages and in the API."""

    @pytest.fixture(autouse=True)
    def _world(self, world: SignedInWorld) -> None:
        self.world = world

    @pytest.mark.parametrize("role", ROLES[1:])
    def test_a_program_and_its_overlap_open_to_whom_they_are_for(self, role: str) -> None:
        client = self.world.client(role)
        expected = {name: row.split()[ROLES.index(role) - 1] == "yes" for name, row in SEEN.items()}

        for prefix, objects in (("program", self.world.programs), ("overlap", self.world.overlaps)):
            page = "programs:detail" if prefix == "program" else "overlap:detail"
            for there in (page, f"{prefix}-detail"):
                statuses = {name: client.get(reverse(there, args=[it.pk])).status_code for name, it in objects.items()}
                assert statuses == {name: 200 if expected[name] else 404 for name in objects}, there

    @pytest.mark.parametrize("role", ROLES[1:])
    def test_the_goals_are_corrected_by_whom_the_table_says(self, role: str) -> None:
        client = self.world.client(role)

        statuses = {
            name: client.get(reverse("programs:goals", args=[program.pk])).status_code
            for name, program in self.world.programs.items()
        }

        assert statuses == {name: row[ROLES.index(role) - 1] for name, row in GOALS.items()}

    @pytest.mark.parametrize("role", ROLES[1:5])
    def test_a_hidden_overlap_cannot_be_reviewed(self, role: str) -> None:
        client = self.world.client(role)
        there = reverse("overlap:review", args=[self.world.overlaps["other restricted"].pk])

        assert client.post(there, {"action": "confirm"}).status_code == 404

    @pytest.mark.parametrize("role", ROLES[1:])
    def test_lists_counts_and_sums_hold_what_the_role_sees_and_nothing_else(self, role: str) -> None:
        client = self.world.client(role)
        column = ROLES.index(role) - 1
        seen = {name for name, row in SEEN.items() if row.split()[column] == "yes" and not name.endswith("draft")}
        titles = seen | {"the other of each pair"}
        pairs = {self.world.overlaps[name].pk for name in seen}
        of_other = {name for name in titles if not name.startswith("own")}

        programs = client.get("/programs/").context["page"]
        overlap_cases = client.get("/overlaps/").context["rows"]
        home = client.get("/").context
        donors = {donor.name: funded for donor, funded in client.get("/donors/").context["donors"]}
        donor = client.get(f"/donors/{self.world.other.pk}/").context
        api = {kind: client.get(f"/api/v1/{kind}/").json()["results"] for kind in ("programs", "overlaps")}
        organizations = {row["name"]: row for row in client.get("/api/v1/organizations/").json()["results"]}

        assert {program.title for program in programs} == titles
        assert programs.paginator.count == len(titles)
        assert {row["overlap"].pk for overlap_case in overlap_cases for row in overlap_case["pairs"]} == pairs
        assert {row["title"] for row in api["programs"]} == titles
        assert {row["id"] for row in api["overlaps"]} == pairs
        assert (home["totals"].programs, home["totals"].open_overlaps) == (len(titles), len(pairs))
        assert home["totals"].committed_usd == len(titles) * 1_000_000
        assert home["matrix"].cells[1, "HN"].programs == home["matrix"].total.programs == len(titles)
        assert home["matrix"].cells[1, "HN"].overlaps == home["matrix"].total.overlaps == len(pairs)
        assert home["matrix"].total.committed_usd == len(titles) * 1_000_000
        assert (donors["Other"].programs, donors["Other"].committed_usd) == (len(of_other), len(of_other) * 1_000_000)
        assert {program.title for program in donor["page"]} == of_other
        assert (donor["funded"].programs, donor["open_overlaps"]) == (len(of_other), len(pairs))
        assert donor["matrix"].total.programs == len(of_other)
        assert organizations["Other"]["programs"] == len(of_other)
        assert organizations["Other"]["committed_usd"] == f"{len(of_other) * 1_000_000}.00"

    @pytest.mark.parametrize("role", ROLES[1:5])
    def test_a_hidden_program_leaves_no_trace_on_the_pages_of_what_is_shown(self, role: str) -> None:
        client = self.world.client(role)
        public = self.world.overlaps["other restricted"].other(self.world.programs["other restricted"])

        for there in (f"/programs/{public.pk}/", "/programs/", "/overlaps/", "/", f"/donors/{self.world.other.pk}/"):
            assert b"other restricted" not in client.get(there).content

    def test_a_donor_whose_programs_are_all_hidden_is_in_no_list_and_no_filter(self) -> None:
        hidden = factories.organization("Hidden donor")
        factories.program(hidden, visibility="restricted")
        client = self.world.client("viewer")

        assert b"Hidden donor" not in client.get("/donors/").content
        assert b"Hidden donor" not in client.get("/programs/").content
        assert client.get(f"/programs/?donor={hidden.pk}").status_code == 400
        assert client.get(f"/api/v1/programs/?donor={hidden.pk}").status_code == 400
        assert client.get("/api/v1/organizations/?is_donor=true&q=hidden").json()["results"] == []
