"""Pages of imports and exports."""

import os
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bodies import LONG_FORM, WITH_A_FILE, takes_up_to
from core.errors import Refused
from core.streams import streamed
from goals.bilingual import reader_language
from programs.exchange import services
from programs.exchange.downloads import BY_ENDING
from programs.exchange.forms import ColumnsForm, HeadingsForm, UploadForm, choices_made
from programs.exchange.models import Import
from programs.exchange.report import button_words, progress_of, report_rows, tabs, what_was_done, what_was_seen
from programs.exchange.spreadsheet import export
from programs.exchange.spreadsheet.look import Look
from programs.exchange.spreadsheet.problems import sentence
from programs.exchange.spreadsheet.tables import TYPES, csv_file, xlsx_file
from programs.exchange.spreadsheet.template import csv_template, xlsx_template
from programs.filters import ProgramFilter
from programs.models import Program
from programs.services import stage_of_new
from programs.services.permissions import organizations_where_may

IMPORTS_A_PAGE, ROWS_A_PAGE = 25, 50


@takes_up_to(WITH_A_FILE)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """The imports of the organizations that the user may import for, and the form to upload a file."""
    _who_may_import(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, user=request.user)
    if request.method == "POST" and form.is_valid() and (job := form.start(reader_language())):
        return redirect(job)
    page = Paginator(Import.objects.visible_to(request.user).for_list(), IMPORTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    status = 400 if request.method == "POST" else 200
    return render(request, "exchange/list.html", {"form": form, "page": page}, status=status)


@login_required
@require_safe
def template(request: HttpRequest, format: str) -> HttpResponseBase:
    """The template to fill in, in the language of the page or of ?language=."""
    _who_may_import(request)
    language = _language(request.GET.get("language"))
    name = _("programs-template")
    if format == "csv":
        return _download(streamed(request, csv_template(language), TYPES["csv"]), f"{name}.csv")
    return _download(FileResponse(xlsx_template(language)), f"{name}.xlsx")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column of the file is: guessed, and confirmed here."""
    job = _import(request, pk)
    if job.state not in (Import.State.UPLOADED, Import.State.CHECKED) or not job.is_spreadsheet:
        return redirect(job)
    seen = _look(job)
    if request.method == "POST" and request.POST.get("do") == "headings":
        return _choose_headings(request, job, seen)
    form = ColumnsForm(request.POST if request.method == "POST" else None, job=job, examples=_examples(job, seen))
    if request.method == "POST" and form.is_valid() and form.choose(request.user):
        return redirect(job)
    context = {"job": job, "form": form, "headings": HeadingsForm(seen=seen) if seen else None}
    context |= {"problem": sentence(**job.problem) if job.problem else "", "seen": what_was_seen(job)}
    return render(request, "exchange/columns.html", context, status=400 if request.method == "POST" else 200)


def _choose_headings(request: HttpRequest, job: Import, seen: Look | None) -> HttpResponse:
    """Takes the headings from the sheet and row that were chosen; a sheet again finds its own."""
    form = HeadingsForm(request.POST, seen=seen) if seen else None
    if form is None or (form.is_valid() and form.choose(job, request.user)):
        return redirect(job)
    columns_form = ColumnsForm(None, job=job, examples=_examples(job, seen))
    context = {"job": job, "form": columns_form, "headings": form, "seen": what_was_seen(job)}
    return render(request, "exchange/columns.html", context, status=400)


@login_required
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the import is: its progress, or its report row by row."""
    job = _import(request, pk)
    if job.state == Import.State.UPLOADED:
        return redirect(_columns_address(job))
    counts = job.rows.counts()
    if job.is_at_work:
        return render(request, "exchange/progress.html", {"job": job, "progress": progress_of(job, counts)})
    kinds = tabs(counts)
    known = {key for key, _label, _count in kinds}
    show = request.GET.get("show", "")
    show = show if show in known else next((key for key, _label, _count in kinds), "")
    page = Paginator(job.rows.showing(show).order_by("number"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "job": job,
        "counts": counts,
        "tabs": kinds,
        "show": show,
        "page": page,
        "rows": report_rows(job, page.object_list, request.user),
        "problem": sentence(**job.problem) if job.problem else "",
        "seen": what_was_seen(job),
        "moves": services.open_moves(job),
        "done": what_was_done(job, counts),
        "warnings": services.warnings_of(job) if counts.warned else [],
    }
    if job.state == Import.State.CHECKED:
        new_stage = stage_of_new(request.user, job.organization_id)
        context |= {
            "button": button_words(counts, new_stage),
            "submits": counts.created and new_stage == Program.Stage.SUBMITTED,
        }
    return render(request, "exchange/import.html", context)


@login_required
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress for the page's script: state, percent, words."""
    job = _import(request, pk)
    now = progress_of(job, job.rows.counts())
    return JsonResponse({"state": job.state, "at_work": job.is_at_work, "percent": now.percent, "words": now.words})


@takes_up_to(LONG_FORM)
@login_required
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Says which rows are programs that are there already: each, or all of them at once."""
    job = _import(request, pk)
    try:
        everything = request.POST.get("all", "")
        if everything in ("same", "new"):
            decided = services.choose_all(job, everything == "same", actor=request.user)
        else:
            decided = services.choose(job, choices_made(request.POST), actor=request.user)
        count = len(decided)
        saved = ngettext("The decision on %(count)s row is saved.", "The decisions on %(count)s rows are saved.", count)
        messages.success(request, saved % {"count": count})
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect(job)


@login_required
@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Checks the file again."""
    return _do(request, pk, services.check_again)


@login_required
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Has the new and the changed rows saved."""
    leave_out = request.POST.get("leave_out_refused") == "yes"
    confirm = request.POST.getlist("confirm")
    return _do(request, pk, services.apply_import, leave_out_refused=leave_out, confirm=confirm)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the import back."""
    return _do(request, pk, services.undo_import)


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the work on the import where it is."""
    return _do(request, pk, services.cancel_import)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes the import, its file and its report; programs stay as they are."""
    job = _import(request, pk)
    try:
        services.delete_import(job, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(job)
    messages.success(request, _("The import of %(file)s is deleted.") % {"file": job.file_name})
    return redirect("exchange:list")


@login_required
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The spreadsheet as it came, with a column that says what to correct."""
    job = _import(request, pk)
    if not job.is_spreadsheet or not job.rows.exists():
        raise Http404
    language = _language()
    name = os.path.splitext(job.file_name)[0] + "-" + _("to-correct")
    rows = export.with_problems(job, language)
    if job.kind == Import.Kind.CSV:
        return _download(streamed(request, csv_file(rows), TYPES["csv"]), f"{name}.csv")
    marked = export.cells_with_problems(job)
    return _download(FileResponse(xlsx_file(rows, title=_("Programs"), marked=marked)), f"{name}.xlsx")


@login_required
@require_safe
def programs(request: HttpRequest, format: str) -> HttpResponseBase:
    """The programs that the user may see and the filters leave, in a form that an import takes back unchanged."""
    shown = Program.objects.visible_to(request.user).listed()
    filters = ProgramFilter(request.GET, queryset=shown, request=request)
    if not filters.is_valid():
        return redirect("programs:list")
    language = _language()
    rows = export.table(filters.qs, language)
    name = _("programs")
    if format == "csv":
        return _download(streamed(request, csv_file(rows), TYPES["csv"]), f"{name}.csv")
    return _download(FileResponse(xlsx_file(rows, title=_("Programs"), widths=export.widths())), f"{name}.xlsx")


@login_required
@require_safe
def download(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The programs that the user may see and the filters leave, in a format that others read: see downloads.FORMATS."""
    if ending not in BY_ENDING:
        raise Http404
    shown = Program.objects.visible_to(request.user).listed()
    filters = ProgramFilter(request.GET, queryset=shown, request=request)
    if not filters.is_valid():
        return redirect("programs:list")
    wanted = BY_ENDING[ending]
    answer = streamed(request, wanted.make(filters.qs, _language()), wanted.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, f"{_('programs')}.{ending}")
    return answer


def _import(request: HttpRequest, pk: int) -> Import:
    visible = Import.objects.visible_to(request.user).select_related(
        "organization", "applied_by", "undone_by", "stopped_by"
    )
    return get_object_or_404(visible, pk=pk)


def _who_may_import(request: HttpRequest) -> None:
    if not organizations_where_may(request.user, "import").exists():
        raise PermissionDenied


def _do(request: HttpRequest, pk: int, service: Any, **options: Any) -> HttpResponse:
    job = _import(request, pk)
    try:
        service(job, actor=request.user, **options)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect(job)


def _columns_address(job: Import) -> str:
    return f"{job.get_absolute_url()}columns/"


def _look(job: Import) -> Look | None:
    """The top of the file; None for a file that was taken before workers kept it."""
    return services.look_at(job) if job.top else None


def _examples(job: Import, seen: Look | None) -> list[str]:
    """Of each column the first cell of the file that says something."""
    if seen is None:
        return []
    width = len(job.headings)
    padded = [(cells + [""] * width)[:width] for _number, cells in seen.below]
    return [next((cell[:60] for cell in column if cell.strip()), "") for column in zip(*padded, strict=True)]


def _language(wanted: str | None = None) -> str:
    return wanted if wanted in ("en", "es") else reader_language()


def _download(response: Any, name: str) -> HttpResponseBase:
    response["Content-Type"] = TYPES[name.rsplit(".", 1)[1]]
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
