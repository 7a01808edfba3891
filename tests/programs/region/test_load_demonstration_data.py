"""The command that loads the demonstration data, where it must not."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from donors.models import User
from programs.models import Program


@pytest.mark.django_db
def test_a_site_that_is_no_demonstration_gets_no_accounts_and_no_programs(settings: Any) -> None:
    settings.DEMONSTRATION = settings.DEBUG = False

    with pytest.raises(CommandError, match="DEMONSTRATION=true"):
        call_command("load_demonstration_data")

    assert not User.objects.exists()
    assert not Program.objects.exists()
