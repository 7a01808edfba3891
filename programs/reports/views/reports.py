"""Pages of overlap reports: asking, watching, fetching; the one of each month."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from programs.reports import services
from programs.reports.documents import language_asked
from programs.reports.forms import ReportForm, SelectionForm
from programs.reports.models import MonthlyReport, OverlapReport, ReportFile
from programs.reports.rendering import words
from programs.reports.services.monthly import person_of_token

REPORTS_A_PAGE = 25
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    """One's reports, the form that asks for another, and the one of each month."""
    form = ReportForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid() and (report := form.ask()):
        return redirect(report)
    return _list(request, form=form, status=400 if request.method == "POST" else 200)


def _list(
    request: HttpRequest, *, form: ReportForm | None = None, monthly: SelectionForm | None = None, status: int = 200
) -> HttpResponse:
    reports = OverlapReport.objects.visible_to(request.user).select_related("asked_by", "goal", "donor")
    running = MonthlyReport.objects.filter(person=request.user).first()
    chosen = {name: getattr(running, name) for name in SelectionForm.base_fields} if running else {}
    context = {
        "form": form or ReportForm(request=request),
        "monthly_form": monthly or SelectionForm(request=request, initial=chosen, prefix="monthly"),
        "monthly": running,
        "page": Paginator(reports.defer("summary"), REPORTS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "reports/list.html", context, status=status)


@login_required
@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a report is, or what it came to and its documents."""
    report = _report(request, pk)
    context = {
        "report": report,
        "percent": services.percent_made(report),
        "problem": words.why_not_made(report),
        "may_end": services.may_end(report, request.user),
    }
    if report.status == OverlapReport.Status.MADE:
        figures = words.figures(report)
        context |= {"selection": words.selection(report), "figures": figures, "summary": report.summary}
    return render(request, "reports/report.html", context)


@login_required
@require_safe
def report_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress, for the page's script."""
    report = _report(request, pk)
    percent = services.percent_made(report)
    at_work = report.status == OverlapReport.Status.WAITING
    return JsonResponse({"state": report.status, "at_work": at_work, "percent": percent, "words": f"{percent} %"})


@login_required
@require_safe
def report_file(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """A document as it was made; in the language of ?lang=, else the page's."""
    report, language = _report(request, pk), language_asked(request)
    file = get_object_or_404(ReportFile, report=report, format=format, language=language)
    answer = HttpResponse(bytes(file.content), content_type=TYPES[format])
    title = _("overlap-report")  # not within the next line: makemessages does not look into it
    name = f"{title}-{report.period_start}-{report.period_end}-{language}.{format}"
    answer["Content-Disposition"] = content_disposition_header(format != "pdf", name) or "attachment"
    return answer


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the making of the report."""
    report = _report(request, pk)
    try:
        services.cancel_report(report, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect(report)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes the report and its documents."""
    report = _report(request, pk)
    try:
        services.delete_report(report, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(report)
    messages.success(request, _("The report is deleted."))
    return redirect("reports:list")


@login_required
@require_POST
def begin_monthly(request: HttpRequest) -> HttpResponse:
    """Gets the report of each month from now on."""
    form = SelectionForm(request.POST, request=request, prefix="monthly")
    if not form.is_valid():
        return _list(request, monthly=form, status=400)
    services.get_monthly(request.user, form.selected)
    messages.success(request, _("You will receive last month's report in the first days of each month."))
    return redirect("reports:list")


@login_required
@require_POST
def stop_monthly(request: HttpRequest) -> HttpResponse:
    """Ends one's monthly report."""
    services.end_monthly(request.user)
    messages.success(request, _("You will no longer receive the monthly report."))
    return redirect("reports:list")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def end_monthly(request: HttpRequest, token: str) -> HttpResponse:
    """Ends it without signing in: GET asks (programs that look at links end nothing), POST does it.

    A mail program sends the POST by itself (RFC 8058), without a cookie: the token, and not the session, says who.
    """
    person = person_of_token(token)
    if person is None:
        return render(request, "reports/end_monthly.html", {"known": False}, status=404)
    if request.method == "POST":
        services.end_monthly(person)
    with translation.override(person.language or translation.get_language()):
        return render(request, "reports/end_monthly.html", {"known": True, "done": request.method == "POST"})


def _report(request: HttpRequest, pk: int) -> OverlapReport:
    return get_object_or_404(OverlapReport.objects.visible_to(request.user), pk=pk)
