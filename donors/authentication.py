"""How a script says who it is: `Authorization: Bearer carsi_…`."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from donors.models import ApiKey, User
from donors.services import KEY_TYPE, digest_of, note_use


class ApiKeyAuthentication(BaseAuthentication):
    """Reads the key from the Authorization header (RFC 6750); other schemes are left to other classes."""

    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        if len(parts) != 2 or not parts[1].startswith(KEY_TYPE.encode()):
            raise AuthenticationFailed(_("This is not an API key: a key starts with “carsi_”."))
        key = ApiKey.objects.with_owner(digest_of(parts[1].decode("latin-1")))
        if key is None or not key.is_usable or not key.user.is_active:
            raise AuthenticationFailed(_("This API key is unknown, expired or revoked."))
        note_use(key)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, created on the account page."}
