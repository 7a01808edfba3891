"""Uploading priorities from a spreadsheet: template, check, apply."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bodies import LONG_FORM, WITH_A_FILE, takes_up_to
from core.errors import Refused
from core.streams import streamed
from programs.exchange.spreadsheet.problems import FileProblem
from programs.exchange.spreadsheet.tables import csv_file, xlsx_file
from programs.priorities import sheet
from programs.priorities.forms import UploadForm
from programs.priorities.permissions import may_set_any

# What was checked is signed and comes back to be applied: so long at most.
SALT, LONGEST_SECONDS = "priorities.import", 3600


@takes_up_to(WITH_A_FILE)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """The form for a file; with a file, what each of its rows would do. Nothing is written."""
    if not may_set_any(request.user):
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent)
    context = {"form": form, "columns": sheet.COLUMNS.values()}
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            rows = sheet.read_cells(form.cleaned_data["file"].read())
            checked_rows = sheet.check_rows(rows, request.user)
            wrong = sum(bool(row.problems) for row in checked_rows)
            context |= {
                "judged": checked_rows,
                "wrong": wrong,
                "new": sum(not row.problems and not row.is_there for row in checked_rows),
                "checked": "" if wrong else signing.dumps([request.user.pk, rows], salt=SALT, compress=True),
            }
            status = 200 if not wrong else 400
        except FileProblem as problem:
            form.add_error("file", str(problem))
        except Refused as refusal:
            form.add_error("file", str(refusal.message))
    return render(request, "priorities/import.html", context, status=status)


@takes_up_to(LONG_FORM)
@login_required
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Enters what was checked, all of it or nothing."""
    if not may_set_any(request.user):
        raise PermissionDenied
    try:
        who, rows = signing.loads(request.POST.get("checked", ""), salt=SALT, max_age=LONGEST_SECONDS)
        if who != request.user.pk:
            raise signing.BadSignature
        count = sheet.apply([(number, cells) for number, cells in rows], request.user)
    except signing.BadSignature:
        messages.error(request, _("The check has expired. Check the file again."))
        return redirect("priorities:import")
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("priorities:import")
    entered = ngettext("%(count)s priority added.", "%(count)s priorities added.", count)
    messages.success(request, entered % {"count": count})
    return redirect("priorities:list")


@login_required
@require_safe
def template(request: HttpRequest, format: str) -> HttpResponseBase:
    """The headings and an example, in the language of the page."""
    rows = sheet.template_rows((get_language() or "en")[:2])
    if format == "csv":
        answer: HttpResponseBase = streamed(request, csv_file(rows), "text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="priorities.csv"'
        return answer
    if format == "xlsx":
        return FileResponse(xlsx_file(rows, title="Priorities"), as_attachment=True, filename="priorities.xlsx")
    raise Http404
