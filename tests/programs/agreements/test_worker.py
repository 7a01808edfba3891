"""A real worker: anyone who scans a program that was saved looks at its agreements next."""

from collections.abc import Callable

import psutil

from programs.agreements.models import Agreement
from programs.services import LocationData
from tests.conftest import wait_until
from tests.programs.agreements.world import World, save


def test_a_saved_program_keeps_its_agreement(committed_db: None, worker: Callable[[], psutil.Process]) -> None:
    the = World()
    agreement = the.agreed()

    save(the.right, locations=(LocationData(area_id="HN-FM"),))
    worker()

    wait_until(lambda: Agreement.objects.get(pk=agreement.pk).state == "kept")
