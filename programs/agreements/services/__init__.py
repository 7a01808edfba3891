"""Every change to agreements."""

from programs.agreements.services.answers import accept, counter, decline, revise
from programs.agreements.services.drafting import begin_draft, save_draft
from programs.agreements.services.keeping import MARKS, say_kept, see, take_back, watch
from programs.agreements.services.meetings import (
    add_cases,
    close_meeting,
    move_case,
    prepare_meeting,
    record_outcome,
    remove_case,
)
from programs.agreements.services.moves import WITH_A_NOTE, drop, end, moves_open_to, propose, record_broken, withdraw
from programs.agreements.services.reminders import remind
from programs.agreements.services.writing import TermsRefused, check_terms, may_answer_for, may_coordinate

__all__ = [
    "MARKS",
    "WITH_A_NOTE",
    "TermsRefused",
    "accept",
    "add_cases",
    "begin_draft",
    "check_terms",
    "close_meeting",
    "counter",
    "decline",
    "drop",
    "end",
    "may_answer_for",
    "may_coordinate",
    "move_case",
    "moves_open_to",
    "prepare_meeting",
    "propose",
    "record_broken",
    "record_outcome",
    "remind",
    "remove_case",
    "revise",
    "save_draft",
    "say_kept",
    "see",
    "take_back",
    "watch",
    "withdraw",
]
