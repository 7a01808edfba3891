"""The versions of a program, and putting one back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import NotAllowed, Refused
from programs.describe import sharing_lines
from programs.models import Program
from programs.services.permissions import may, may_see_versions
from programs.services.plausibility import sentence_of
from programs.services.versions import restore_version
from programs.versions import versions_of

# So many of the latest changes of who may see a program are shown.
MOST_SHARING = 50
# And so many of the latest confirmations of unlikely values.
MOST_CONFIRMED = 50


def _program(request: HttpRequest, pk: int) -> Program:
    """403 for all but the program's own organization and the coordinators: versions hold what was never published."""
    program = get_object_or_404(Program.objects.visible_to(request.user).select_related("reporting_org"), pk=pk)
    if not may_see_versions(request.user, program):
        raise PermissionDenied
    return program


@login_required
@require_safe
def program_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what, version by version."""
    program = _program(request, pk)
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdigit() and len(number) < 6 else 1
    versions, has_older = versions_of(program, page)
    context = {
        "program": program,
        "versions": versions,
        "sharing": [
            (change, sharing_lines(change)) for change in program.sharing_changes.select_related("actor")[:MOST_SHARING]
        ],
        "confirmed": [
            (one, sentence_of(one.code, one.params))
            for one in program.confirmed_warnings.select_related("actor")[:MOST_CONFIRMED]
        ],
        "page": page,
        "has_older": has_older,
        "may_restore": may(request.user, "save", program.reporting_org_id),
    }
    return render(request, "programs/history.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes the program say again what it said in an older version."""
    program = _program(request, pk)
    version = request.POST.get("version", "")
    try:
        moment = parse_datetime(request.POST.get("moment", ""))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not version.isdigit():
        raise Http404
    try:
        saved = restore_version(program, moment, actor=request.user, version=int(version))
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    except ValidationError as error:
        messages.error(request, _("This version cannot be restored: %(why)s") % {"why": " ".join(error.messages)})
    else:
        if saved.outcome == "unchanged":
            messages.info(request, _("The program already has this content."))
        else:
            messages.success(request, _("The version is restored as a new version; the previous one is kept as well."))
    return redirect("programs:history", program.pk)
