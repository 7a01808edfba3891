"""Pages of agreements."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import EditConflict, NotAllowed, Refused
from donors.models import Organization
from programs.agreements import services
from programs.agreements.choices import Choices, overlaps_to_settle
from programs.agreements.filters import AgreementFilter
from programs.agreements.forms.agreements import AnswerForm, DraftForm, NoteForm, TermsForm
from programs.agreements.models import Agreement, Commitment
from programs.agreements.pages.agreements import page_of, rows_of
from programs.agreements.states import State
from programs.agreements.terms import Terms, terms_of
from programs.discussion.views import comments_page
from programs.overlap.models import Overlap

AGREEMENTS_A_PAGE = 25
# What is said once a move is taken.
DONE = {
    "propose": gettext_lazy("The agreement is proposed, and the parties are notified."),
    "drop": gettext_lazy("The draft is discarded."),
    "withdraw": gettext_lazy("The proposal is withdrawn."),
    "end": gettext_lazy("The agreement is ended."),
    "break": gettext_lazy("The agreement is recorded as broken."),
}


@login_required
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Agreements that the user may see, what moved last first, and the money that they free."""
    filters = AgreementFilter(request.GET, queryset=Agreement.objects.visible_to(request.user), request=request)
    found = filters.qs if filters.is_valid() else Agreement.objects.none()
    page = Paginator(found.for_list().order_by("-updated_at", "-pk"), AGREEMENTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    commitments = Commitment.objects.filter(version__agreement__in=found.order_by().values("pk"))
    context = {
        "filters": filters,
        "page": page,
        "rows": rows_of(page.object_list, request.user),
        "money": commitments.money(request.user),
        "may_coordinate": services.may_coordinate(request.user),
    }
    return render(request, "agreements/list.html", context, status=200 if filters.is_valid() else 400)


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement: its terms, who answered what, its commitments, money and history."""
    return _page(request, _agreement(request, pk))


def _page(
    request: HttpRequest, agreement: Agreement, answer: AnswerForm | None = None, refused: str = ""
) -> HttpResponse:
    context = page_of(agreement, request.user)
    context |= {"answer_form": answer or AnswerForm(), "refused": refused}
    if refused and not answer:
        context |= {"said": {"move": request.POST.get("move", ""), "note": request.POST.get("note", "")}}
    bad = bool(refused or (answer and answer.errors))
    return render(request, "agreements/detail.html", context, status=400 if bad else 200)


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A draft on confirmed overlaps, which the address names: ?overlap=1&overlap=2, or ?case= and a cluster's id."""
    if not services.may_coordinate(request.user):
        raise PermissionDenied
    overlaps = _chosen_overlaps(request)
    return _draft(request, Choices.of_overlaps(overlaps), overlaps=overlaps)


def _chosen_overlaps(request: HttpRequest) -> list[Overlap]:
    ids, cases = (
        [int(text) for text in request.GET.getlist(name) if text.isascii() and text.isdigit() and len(text) < 19]
        for name in ("overlap", "case")
    )
    found = overlaps_to_settle(request.user, ids, cases[-1] if cases else None)
    if not found:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, until it is proposed."""
    agreement = _agreement(request, pk)
    if not services.may_coordinate(request.user):
        raise PermissionDenied
    if agreement.state != State.DRAFT:
        messages.info(request, _("This agreement has already been proposed. Propose new terms instead."))
        return redirect(agreement)
    overlaps = list(agreement.overlaps.select_related("left__reporting_org", "right__reporting_org"))
    return _draft(request, Choices.of(agreement), agreement=agreement, overlaps=overlaps)


def _draft(
    request: HttpRequest, choices: Choices, *, overlaps: list[Overlap], agreement: Agreement | None = None
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    adds = data is not None and data.get("do") == "add"
    terms = terms_of(agreement.versions.get(number=1)) if agreement else None
    title = " · ".join(sorted({str(program.reporting_org) for program in choices.program_rows}))
    form = DraftForm(choices, data, agreement=agreement, terms=terms, more=int(adds), title=title)
    context = {"form": form, "agreement": agreement, "overlaps": overlaps, "adds": adds}
    if data is None or adds:
        return render(request, "agreements/draft.html", context)
    saved = None
    if form.is_valid():
        try:
            saved = _save_draft(request, form, agreement, overlaps)
            if data.get("do") == "propose":
                services.propose(saved, actor=request.user)
                messages.success(request, _("The agreement is proposed, and the parties are notified."))
            else:
                messages.success(request, _("The draft is saved."))
            return redirect(saved)
        except services.TermsRefused as refusal:
            form.show(refusal.problems)
        except EditConflict as change:
            form.saved_meanwhile(change.version)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        if saved is not None and agreement:
            form.seen_now(saved.edition)
    if saved is not None and agreement is None:
        # The draft is kept; what stands against proposing it is shown on its own form.
        for error in form.all_errors():
            messages.error(request, error)
        return redirect("agreements:edit", saved.pk)
    return render(request, "agreements/draft.html", context, status=form.status)


def _save_draft(
    request: HttpRequest, form: DraftForm, agreement: Agreement | None, overlaps: list[Overlap]
) -> Agreement:
    stated: dict[str, Any] = {
        "actor": request.user,
        "title": form.cleaned_data["title"],
        "terms": form.terms(),
        "parties": form.parties(),
        "tells_parties": form.cleaned_data["tells_parties"],
    }
    if agreement is None:
        return services.begin_draft(overlaps, **stated)
    return services.save_draft(agreement, edition=form.cleaned_data["seen"], **stated)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Other terms: a party's counter-proposal (?for= names the organization), or a coordinator's new ones."""
    agreement = _agreement(request, pk)
    organization = _answering(request, agreement)
    if organization is None and not services.may_coordinate(request.user):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    adds = data is not None and data.get("do") == "add"
    current = agreement.versions.get(number=agreement.version)
    form = TermsForm(Choices.of(agreement), data, terms=terms_of(current), more=int(adds))
    context = {"form": form, "agreement": agreement, "organization": organization, "adds": adds}
    if data is None or adds:
        return render(request, "agreements/terms.html", context)
    if form.is_valid():
        try:
            _propose_terms(request, agreement, organization, form.terms(), form.cleaned_data["note"])
            messages.success(request, _("The new terms are proposed. All other parties must respond again."))
            return redirect(agreement)
        except services.TermsRefused as refusal:
            form.show(refusal.problems)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
    return render(request, "agreements/terms.html", context, status=400)


def _propose_terms(
    request: HttpRequest, agreement: Agreement, organization: Organization | None, stated: Terms, note: str
) -> None:
    version = _number(request.POST.get("version"))
    if organization is None:
        services.revise(agreement, actor=request.user, terms=stated, version=version, note=note)
    else:
        services.counter(
            agreement, actor=request.user, organization=organization, version=version, terms=stated, note=note
        )


def _answering(request: HttpRequest, agreement: Agreement) -> Organization | None:
    """The party for which the person answers: the one named, else their only one."""
    mine = agreement.parties.filter(organization__in=services.may_answer_for(request.user), must_accept=True)
    asked = request.POST.get("for") or request.GET.get("for") or ""
    for party in mine.select_related("organization"):
        if asked in ("", str(party.organization_id)):
            return party.organization
    return None


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accepts or declines the current version for an organization."""
    agreement = _agreement(request, pk)
    organization = _answering(request, agreement)
    if organization is None:
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, agreement, form)
    stated: dict[str, Any] = {
        "actor": request.user,
        "organization": organization,
        "version": _number(request.POST.get("version")),
        "note": form.cleaned_data["note"],
    }
    try:
        if request.POST.get("answer") == "accept":
            services.accept(agreement, **stated)
            messages.success(request, _("You have accepted for %(name)s.") % {"name": organization})
        elif request.POST.get("answer") == "decline":
            services.decline(agreement, **stated)
            messages.success(request, _("You have declined for %(name)s.") % {"name": organization})
        else:
            return _page(request, agreement, form, _("Choose an answer."))
    except Refused as refusal:
        return _page(request, agreement, form, str(refusal.message))
    return redirect(agreement)


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """What a coordinator does with the agreement."""
    agreement = _agreement(request, pk)
    if not services.may_coordinate(request.user):
        raise PermissionDenied
    key, form = request.POST.get("move", ""), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, agreement, refused=form.problem)
    note = form.cleaned_data["note"]
    if key not in DONE:
        return _page(request, agreement, refused=_("Choose an action."))
    try:
        services.WITH_A_NOTE[key](agreement, actor=request.user, note=note)
    except Refused as refusal:
        return _page(request, agreement, refused=str(refusal.message))
    messages.success(request, DONE[key])
    return redirect(agreement)


@login_required
@require_POST
def mark(request: HttpRequest, pk: int, commitment: int) -> HttpResponse:
    """Says that a commitment in words is kept, has seen it, or takes that back."""
    agreement = _agreement(request, pk)
    rows: QuerySet[Commitment] = Commitment.objects.filter(version__agreement=agreement).current()
    row = get_object_or_404(rows.select_related("version__agreement"), pk=commitment)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, agreement, refused=form.problem)
    take = services.MARKS.get(request.POST.get("mark", ""))
    if take is None:
        return _page(request, agreement, refused=_("Choose an action."))
    try:
        take(row, actor=request.user, note=form.cleaned_data["note"])
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except Refused as refusal:
        return _page(request, agreement, refused=str(refusal.message))
    messages.success(request, _("Recorded."))
    return redirect(f"{agreement.get_absolute_url()}#commitments")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """All comments on an agreement, and a new one."""
    agreement = _agreement(request, pk)
    if not agreement.takes_comments:
        raise Http404
    return comments_page(request, agreement)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
