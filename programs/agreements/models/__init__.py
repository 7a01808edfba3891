"""What partners settle for overlaps: agreements with their versions, answers and commitments; and meetings."""

from programs.agreements.models.agreement import Agreement, Answer, Party, Version
from programs.agreements.models.commitment import Commitment
from programs.agreements.models.meeting import Item, Meeting, Outcome
from programs.agreements.models.step import Step

__all__ = ["Agreement", "Answer", "Commitment", "Item", "Meeting", "Outcome", "Party", "Step", "Version"]
