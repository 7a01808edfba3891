"""Background jobs: each calls a service, and may run twice."""

from celery import shared_task

from goals.models import Priority
from programs.priorities.proposals import PROPOSE_TASK, propose
from programs.priorities.proposals import propose_all as propose_for_all


@shared_task(name=PROPOSE_TASK)
def propose_for(priority_id: int) -> None:
    """Proposes programs for one priority, after it was changed."""
    for priority in Priority.objects.filter(pk=priority_id):
        propose(priority)


@shared_task(name="programs.priorities.propose_all")
def propose_all() -> None:
    """The regular round: programs have changed in the meantime."""
    propose_for_all()
