"""Moves in the life of a program, from its page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import NeedsConfirmation, NotAllowed, Refused
from programs.models import Program
from programs.services import MOVES, delete_program, move_program
from programs.services.lifecycle import may_take
from programs.services.permissions import may


@login_required
@require_POST
def program_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the program along one move (`move`), with a comment where one is given."""
    program = get_object_or_404(Program.objects.visible_to(request.user), pk=pk)
    key, version = request.POST.get("move", ""), request.POST.get("version", "")
    if not any(may_take(move, request.user, program.reporting_org_id) for move in MOVES.values()):
        raise PermissionDenied
    if key not in MOVES:
        messages.error(request, _("Choose an action for the program."))
        return redirect(program)
    try:
        moved = move_program(
            program,
            key,
            actor=request.user,
            version=int(version) if version.isdigit() else None,
            comment=request.POST.get("comment", "")[:5000],
            confirmed=request.POST.getlist("confirm"),
        )
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except NeedsConfirmation as unlikely:
        context = {"program": program, "move": MOVES[key], "to_confirm": unlikely.warnings, "sent": request.POST}
        return render(request, "programs/confirm.html", context, status=400)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(program)
    except ValidationError as error:
        messages.error(
            request,
            _("Before the program can be published, complete this: %(what)s") % {"what": " ".join(error.messages)},
        )
        return redirect("programs:detail", program.pk)
    messages.success(request, str(MOVES[key].done))
    still_seen = Program.objects.visible_to(request.user).filter(pk=moved.pk).exists()
    return redirect(moved) if still_seen else redirect("programs:list")


@login_required
@require_POST
def program_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a draft for good."""
    program = get_object_or_404(Program.objects.visible_to(request.user), pk=pk)
    if not may(request.user, "delete", program.reporting_org_id):
        raise PermissionDenied
    stated = request.POST.get("version", "")
    # One that cannot be read is no program's.
    version = (int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0) if stated else None
    try:
        delete_program(program, actor=request.user, version=version)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(program)
    messages.success(request, _("The draft is deleted."))
    return redirect("programs:list")
