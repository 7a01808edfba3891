"""What `beat` has done and when; all times are UTC, six hours ahead of Central America.

Each task expires before it is due again: after an hour without workers one sweep waits, not a hundred and twenty.
"""

from datetime import timedelta
from typing import Any

import environ
from celery.schedules import crontab

env = environ.Env()

# What is done once a day may begin so many hours late, after workers that were down; later it is left to the next day.
LATEST_HOURS = 12


def _every(task: str, **interval: float) -> dict[str, Any]:
    """A task at an interval, in any of timedelta's units; expires a tenth of it before the next one."""
    length = timedelta(**interval)
    return {"task": task, "schedule": length, "options": {"expires": length.total_seconds() * 0.9}}


def _daily(
    task: str, hour: int, minute: int = 0, *, args: tuple[str, ...] = (), weekday: str = "*", day: str = "*"
) -> dict[str, Any]:
    """A task at a time of each day, or of one day of the week or the month."""
    return {
        "task": task,
        "schedule": crontab(hour=hour, minute=minute, day_of_week=weekday, day_of_month=day),
        "args": args,
        "options": {"expires": LATEST_HOURS * 3600},
    }


SCHEDULE = {
    "sweep-what-was-missed": _every("programs.overlap.sweep", seconds=env.int("SWEEP_SECONDS", default=30)),
    "invitations-that-could-not-be-sent": _every("donors.send_waiting_invitations", minutes=2),
    "sweep-imports": _every("programs.exchange.sweep", seconds=env.int("SWEEP_SECONDS", default=30)),
    "propose-programs-for-priorities": _every("programs.priorities.propose_all", minutes=15),
    # 08:00 UTC is two in the morning in Central America.
    "nightly-full-scan": _daily("programs.overlap.nightly_full_scan", 8),
    # After the full scan.
    "nightly-dumps": _daily("programs.exchange.nightly_dumps", 9),
    # Eleven in the evening in Central America: the ECB has published, and what changes is known before the full scan.
    "nightly-rates": _daily("goals.fetch_rates", 5),
    # Of every program, once a night: what a change of rates may have missed (a long import that began before it).
    "nightly-dollars": _daily("programs.renew_dollars", 5, 30),
    # After the full scan, which finds what is reported twice.
    "renew-what-counts-once": _every("programs.money.renew", seconds=env.int("SWEEP_SECONDS", default=30)),
    "nightly-check-of-money": _daily("programs.money.check", 9, 15),
    # Half past midnight in Central America: a new day, and before the full scan.
    "daily-stakes": _daily("programs.overlap.renew_stakes", 6, 30),
    "daily-highest-probability": _daily("programs.overlap.renew_highest_shown", 6, 45),
    # The first of each month, after the full scan.
    "monthly-calibration": _daily("programs.overlap.propose_calibration", 10, day="1"),
    # Eight in the morning in Central America.
    "daily-reminders-to-update": _daily("programs.remind_of_updates", 14),
    "tell-webhooks": _every("programs.webhooks.sweep", seconds=env.int("WEBHOOK_SECONDS", default=15)),
    "write-down-use-of-keys": _every("donors.write_down_use", minutes=1),
    "forget-old-use-of-keys": _daily("donors.forget_old_use", 9, 45),
    "forget-old-webhook-messages": _daily("programs.webhooks.forget_old", 9, 30),
    "tell-of-overlaps": _every("programs.discussion.tell_of_overlaps", seconds=env.int("TELL_SECONDS", default=60)),
    "tell-of-sharing": _every("programs.discussion.tell_of_sharing", seconds=env.int("TELL_SECONDS", default=60)),
    "tell-of-requests": _every("programs.discussion.tell_of_requests", seconds=env.int("TELL_SECONDS", default=60)),
    # 12:00 UTC is six in the morning in Central America: before work begins.
    "daily-emails": _daily("programs.discussion.prepare_letters", 12, args=("daily",)),
    "weekly-emails": _daily("programs.discussion.prepare_letters", 12, args=("weekly",), weekday="monday"),
    "watch-agreements": _every("programs.agreements.watch", seconds=env.int("TELL_SECONDS", default=60)),
    # Seven in the morning in Central America.
    "remind-of-agreements": _daily("programs.agreements.remind", 13),
    # Seven in the morning in Central America, each day: the first days of a month have something to do.
    "monthly-overlap-reports": _daily("programs.reports.monthly", 13),
    "sweep-reports": _every("programs.reports.sweep", seconds=env.int("SWEEP_SECONDS", default=30)),
    "renew-figures": _every("programs.reports.renew_figures", minutes=3),
    "emails-that-were-missed": _every("programs.discussion.post_letters", minutes=5),
}
