"""What the pages of other apps show of profiles."""

from typing import Any

from django import template

from donors.models import Organization
from programs.reports.profile import profile_of
from programs.reports.subjects import of_donor

register = template.Library()


@register.simple_tag(takes_context=True)
def donor_profile(context: dict[str, Any], donor: Organization) -> Any:
    """The profile of a donor as the reader may see it; from the page's own `memory` where it has one."""
    reader = context["request"].user
    is_partner = bool(reader.organization_ids) or reader.sees_everything
    return profile_of(
        of_donor(donor, reader), reader, shows_contacts=is_partner, is_public=False, memory=context.get("memory")
    )
