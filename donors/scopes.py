"""What a key may be used for: its scopes against what a call needs."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from donors.models import ApiKey


class KeyHasScope(BasePermission):
    """Reading needs `read`; writing the scope that the view names in `scope`, by default `write`.

    A view's `scopes` names another by its action. A person in the browser has all of them; what they may do is then
    for the services to say.
    """

    code = "insufficient_scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        needed = scope_needed(request, view)
        self.message = _("This key lacks the scope “%(scope)s”. Create a key with this scope on your account page.") % {
            "scope": needed
        }
        return needed in request.auth.scopes


def scope_needed(request: Request, view: Any) -> str:
    """The scope that a key needs for this call."""
    named = getattr(view, "scopes", {}).get(getattr(view, "action", None))
    if named:
        return str(named)
    return "read" if request.method in SAFE_METHODS else str(getattr(view, "scope", "write"))
