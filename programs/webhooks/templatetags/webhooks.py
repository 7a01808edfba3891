"""Filters of the webhooks' pages."""

import json
from typing import Any

from django import template

from programs.webhooks.describe import problem_in_words

register = template.Library()
register.filter("problem_in_words", problem_in_words)


@register.filter
def as_json(value: Any) -> str:
    """A value as JSON that people can read."""
    return json.dumps(value, ensure_ascii=False, indent=2)
