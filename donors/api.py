"""Who am I: what a script's key is, and whom it acts for."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.filters import refuse_parameters
from donors.models import ApiKey


class RoleSerializer(serializers.Serializer):
    """A role in an organization."""

    organization_id = serializers.IntegerField()
    organization = serializers.CharField(source="organization.name")
    role = serializers.CharField()


class KeySerializer(serializers.ModelSerializer):
    """The API key of the request, without its secret."""

    class Meta:
        model = ApiKey
        fields = ["name", "prefix", "scopes", "created_at", "expires_at"]


class MeSerializer(serializers.Serializer):
    """A person and the API key in use (null in a browser)."""

    id = serializers.IntegerField(source="user.pk")
    email = serializers.EmailField(source="user.email")
    full_name = serializers.CharField(source="user.full_name")
    language = serializers.CharField(source="user.language", help_text="en or es; empty if none was chosen.")
    sees_everything = serializers.BooleanField(
        source="user.sees_everything",
        help_text="Whether they see every program, as coordinators and administrators do.",
    )
    is_machine = serializers.BooleanField(source="user.is_machine", help_text="Whether it is a machine account.")
    roles = RoleSerializer(many=True)
    key = KeySerializer(allow_null=True)


class MeView(APIView):
    """The key's owner."""

    serializer_class = MeSerializer

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The owner of the key, their role in each organization, and the permissions of the key."""
        refuse_parameters(request)
        user: Any = request.user
        roles = user.memberships.select_related("organization").order_by("organization_id")
        key = request.auth if isinstance(request.auth, ApiKey) else None
        return Response(MeSerializer({"user": user, "roles": roles, "key": key}).data)
