"""Pages of comments and notifications."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programs.discussion import services
from programs.discussion.describe import excerpt, sentence, title_of
from programs.discussion.forms import CommentForm
from programs.discussion.models import Comment, Notification
from programs.discussion.querysets import takes_part
from programs.discussion.topics import events_of, topic_rows
from programs.models import Program
from programs.overlap.models import Overlap

COMMENTS_A_PAGE = 50
NOTIFICATIONS_A_PAGE = 25


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comments_on_program(request: HttpRequest, pk: int) -> HttpResponse:
    """All comments on a program, and a new one."""
    programs = Program.objects.visible_to(request.user).select_related("reporting_org")
    return comments_page(request, get_object_or_404(programs, pk=pk))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comments_on_overlap(request: HttpRequest, pk: int) -> HttpResponse:
    """All comments on an overlap, and a new one."""
    overlaps = Overlap.objects.visible_to(request.user).select_related("left", "right")
    return comments_page(request, get_object_or_404(overlaps, pk=pk))


def comments_page(request: HttpRequest, subject: Any) -> HttpResponse:
    """All comments on a program, an overlap or another topic that the person may see, and a new one."""
    if not takes_part(request.user):
        raise PermissionDenied
    form = CommentForm(subject, request.user, request.POST if request.method == "POST" else None)
    if form.is_valid() and form.write():
        messages.success(request, _("Your comment is posted."))
        return redirect(f"{_there(request, subject)}#comments")
    comments = Comment.objects.visible_to(request.user).on(subject).for_page()
    page = Paginator(comments, COMMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"subject": subject, "title": title_of(subject), "page": page, "form": form}
    return render(request, "discussion/comments.html", context, status=400 if form.is_bound else 200)


def _there(request: HttpRequest, subject: Any) -> str:
    """Where the comment was written: the page of its subject, or of the case that it belongs to."""
    case = request.POST.get("case", "")
    if isinstance(subject, Overlap) and case and case == str(subject.case):
        return reverse("overlap:case", args=[subject.case])
    return subject.get_absolute_url()


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a comment of one's own."""
    comments = Comment.objects.visible_to(request.user).select_related("program", "overlap", *topic_rows())
    comment = get_object_or_404(comments, pk=pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied
    services.withdraw(comment, actor=request.user)
    messages.success(request, _("Your comment is withdrawn, and its text is hidden."))
    return redirect(comment)


@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """What the person was told, the newest first."""
    told = Notification.objects.visible_to(request.user)
    ids = told.order_by("-pk").values_list("pk", flat=True)
    page = Paginator(ids, NOTIFICATIONS_A_PAGE).get_page(request.GET.get("page"))
    shown = list(Notification.objects.by_ids(page.object_list).for_list())
    events = events_of(shown)
    rows = [
        {
            "told": row,
            "title": title_of(row.subject),
            "sentence": sentence(row, events.get(row.pk)),
            "excerpt": excerpt(row, events.get(row.pk)),
        }
        for row in shown
    ]
    context = {"page": page, "rows": rows, **told.summary()}
    return render(request, "discussion/notifications.html", context)


@login_required
@require_safe
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Goes to what a notification speaks of, which is then read. Where the links of emails lead."""
    found = Notification.objects.visible_to(request.user).select_related("program", "overlap", "request", *topic_rows())
    notification = get_object_or_404(found, pk=pk)
    if request.method == "GET":
        services.mark_subject_read(notification, actor=request.user)
    place = "#comments" if notification.comment_id else "#decision" if notification.review_id else ""
    return redirect(notification.subject.get_absolute_url() + place)


@login_required
@require_POST
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one as read."""
    notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    services.mark_read(notification, actor=request.user)
    return redirect("discussion:notifications")


@login_required
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Marks all as read that the page showed or could have shown."""
    up_to = request.POST.get("up_to", "")
    if not (up_to.isascii() and up_to.isdigit() and len(up_to) < 19):
        raise Http404
    count = services.mark_all_read(actor=request.user, up_to=int(up_to))
    read = ngettext("%(count)s notification is marked as read.", "%(count)s notifications are marked as read.", count)
    messages.success(request, read % {"count": count})
    return redirect("discussion:notifications")
