"""What other apps do once a saved program was scanned. They add themselves when they start (`AppConfig.ready`)."""

from collections.abc import Callable

# Each is called with the id of the program, in the worker that scanned it; it only asks for a job.
_followers: list[Callable[[int], object]] = []


def follow_scans(follower: Callable[[int], object]) -> None:
    """Has `follower` called after each scan of one program."""
    _followers.append(follower)


def tell_followers(program_id: int) -> None:
    """Calls every follower, in the order in which they were added."""
    for follower in _followers:
        follower(program_id)
