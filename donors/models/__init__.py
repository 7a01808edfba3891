"""Who: people, the organizations that they work for, how they come to them, and the keys of their scripts."""

from donors.models.api_key import AnsweredRequest, ApiKey, ApiKeyUse
from donors.models.invitation import Invitation
from donors.models.organization import Organization, OrganizationAlias, RemovedName
from donors.models.organization_request import OrganizationRequest
from donors.models.user import Membership, User

__all__ = [
    "AnsweredRequest",
    "ApiKey",
    "ApiKeyUse",
    "Invitation",
    "Membership",
    "Organization",
    "OrganizationAlias",
    "OrganizationRequest",
    "RemovedName",
    "User",
]
