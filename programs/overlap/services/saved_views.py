"""A person's own views of the queue: filters kept under a name."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from donors.models import User
from programs.overlap.filters import queue_filter_of
from programs.overlap.models import Overlap, SavedView
from programs.overlap.ranking import ORDERED_BY


def keep_view(name: str, query: str, *, actor: User) -> tuple[SavedView, bool]:
    """Keeps the filters of an address (what follows its question mark) under a name, and whether the name is new: the
    same name once more replaces them. ValidationError by field where a filter or its value is not one of the
    queue's."""
    typed = QueryDict(query.strip().removeprefix("?"))
    chosen = QueryDict(mutable=True)
    # Of one that is named twice the last counts, as on the page.
    chosen.update({name: value for name, value in typed.items() if name != "page"})
    refuse_unknown(chosen, actor)
    view = SavedView(owner=actor, name=name.strip(), query=chosen.urlencode())
    view.clean_fields(exclude={"owner"})
    return SavedView.objects.update_or_create(owner=actor, name=view.name, defaults={"query": view.query})


def forget_view(view: SavedView) -> None:
    """Removes a view, which its owner alone finds."""
    view.delete()


def refuse_unknown(chosen: QueryDict, actor: User) -> None:
    """ValidationError that names each filter that the queue has not, and each value that a filter has not."""
    filters = queue_filter_of(actor)
    known = sorted({*filters.base_filters, "sort"})
    sentences = [
        f"{name}: " + _("Unknown filter. Known filters: %(known)s.") % {"known": ", ".join(known)}
        for name in chosen
        if name not in known
    ]
    if (order := chosen.get("sort", "")) and order not in ORDERED_BY:
        sentences.append("sort: " + _("Unknown order. Known orders: %(known)s.") % {"known": ", ".join(ORDERED_BY)})
    asking = HttpRequest()
    asking.user = actor
    form = filters(chosen, queryset=Overlap.objects.none(), request=asking).form
    sentences += [f"{name}: {error}" for name, errors in form.errors.items() for error in errors]
    if sentences:
        raise ValidationError({"query": sentences})
