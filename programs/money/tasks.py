"""What is done for money without anybody asking."""

import structlog
from celery import shared_task

from programs.money import stored
from programs.money.checking import check_kept, check_reader, check_stored, readers

log = structlog.get_logger(__name__)
ORGANIZATIONS = 10


@shared_task(name="programs.money.check")
def check() -> int:
    """Each night: what `manage.py check_money` does. Gives the number of sums that are wrong, each of them logged; what
    is kept of families and wrong is calculated again."""
    problems = check_kept()
    if problems:
        stored.renew_all()
    problems += check_stored()
    for name, reader in readers(ORGANIZATIONS):
        problems += [f"{name}: {problem}" for problem in check_reader(name, reader).problems]
    for problem in problems:
        log.error("money_is_wrong", problem=problem)
    log.info("money_checked", problems=len(problems))
    return len(problems)


@shared_task(name="programs.money.renew")
def renew() -> int:
    """What counts once in the families that have changed. Gives how many programs were due."""
    return stored.renew()
