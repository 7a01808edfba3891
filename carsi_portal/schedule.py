"""What `beat` has done and when; all times are UTC, six hours ahead of Central America."""

from datetime import timedelta

import environ
from celery.schedules import crontab

env = environ.Env()

SCHEDULE = {
    "sweep-what-was-missed": {
        "task": "programs.overlap.sweep",
        "schedule": timedelta(seconds=env.int("SWEEP_SECONDS", default=30)),
    },
    "letters-that-could-not-be-sent": {
        "task": "donors.send_waiting_invitations",
        "schedule": timedelta(minutes=2),
    },
    "sweep-imports": {
        "task": "programs.exchange.sweep",
        "schedule": timedelta(seconds=env.int("SWEEP_SECONDS", default=30)),
    },
    "propose-programs-for-priorities": {
        "task": "programs.priorities.propose_all",
        "schedule": timedelta(minutes=15),
    },
    "nightly-full-scan": {
        "task": "programs.overlap.nightly_full_scan",
        # 08:00 UTC is two in the morning in Central America.
        "schedule": crontab(hour=8, minute=0),
    },
    "nightly-dumps": {
        "task": "programs.exchange.nightly_dumps",
        # After the full scan.
        "schedule": crontab(hour=9, minute=0),
    },
    "daily-stakes": {
        "task": "programs.overlap.renew_stakes",
        # Half past midnight in Central America: a new day, and before the full scan.
        "schedule": crontab(hour=6, minute=30),
    },
    "daily-reminders-to-update": {
        "task": "programs.remind_of_updates",
        # Eight in the morning in Central America.
        "schedule": crontab(hour=14, minute=0),
    },
    "tell-webhooks": {
        "task": "programs.webhooks.sweep",
        "schedule": timedelta(seconds=env.int("WEBHOOK_SECONDS", default=15)),
    },
    "write-down-use-of-keys": {
        "task": "donors.write_down_use",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "forget-old-use-of-keys": {
        "task": "donors.forget_old_use",
        "schedule": crontab(hour=9, minute=45),
    },
    "forget-old-webhook-messages": {
        "task": "programs.webhooks.forget_old",
        "schedule": crontab(hour=9, minute=30),
    },
    "tell-of-overlaps": {
        "task": "programs.discussion.tell_of_overlaps",
        "schedule": timedelta(seconds=env.int("TELL_SECONDS", default=60)),
    },
    "tell-of-requests": {
        "task": "programs.discussion.tell_of_requests",
        "schedule": timedelta(seconds=env.int("TELL_SECONDS", default=60)),
    },
    "tell-of-sharing": {
        "task": "programs.discussion.tell_of_sharing",
        "schedule": timedelta(seconds=env.int("TELL_SECONDS", default=60)),
    },
    "daily-letters": {
        "task": "programs.discussion.prepare_letters",
        # 12:00 UTC is six in the morning in Central America: before work begins.
        "schedule": crontab(hour=12, minute=0),
        "args": ["daily"],
    },
    "weekly-letters": {
        "task": "programs.discussion.prepare_letters",
        "schedule": crontab(hour=12, minute=0, day_of_week="monday"),
        "args": ["weekly"],
    },
    "watch-agreements": {
        "task": "programs.agreements.watch",
        "schedule": timedelta(seconds=env.int("TELL_SECONDS", default=60)),
    },
    "remind-of-agreements": {
        "task": "programs.agreements.remind",
        # Seven in the morning in Central America.
        "schedule": crontab(hour=13, minute=0),
    },
    "monthly-overlap-reports": {
        "task": "programs.reports.monthly",
        # Seven in the morning in Central America, each day: the first days of a month have something to do.
        "schedule": crontab(hour=13, minute=0),
    },
    "sweep-reports": {
        "task": "programs.reports.sweep",
        "schedule": timedelta(seconds=env.int("SWEEP_SECONDS", default=30)),
    },
    "renew-figures": {
        "task": "programs.reports.renew_figures",
        "schedule": timedelta(minutes=3),
        # One that waited until the next is due has nothing left to do.
        "options": {"expires": 170},
    },
    "letters-that-were-missed": {
        "task": "programs.discussion.post_letters",
        "schedule": timedelta(minutes=5),
    },
}
