"""Overlaps and their clusters, what people decided, what the engine keeps of each program, and the full scans."""

from programs.overlap.models.case import Assignment, CaseMoved, SavedView
from programs.overlap.models.cluster import Cluster, ClusterDue
from programs.overlap.models.learning import Calibration, CalibrationMove, SampleLevel, UncertainPair
from programs.overlap.models.overlap import Overlap, Review
from programs.overlap.models.profile import CandidateKey, ProgramProfile
from programs.overlap.models.scan import BegunScan, ScanPart, ScanRun

__all__ = [
    "Assignment",
    "BegunScan",
    "Calibration",
    "CalibrationMove",
    "CandidateKey",
    "CaseMoved",
    "Cluster",
    "ClusterDue",
    "Overlap",
    "ProgramProfile",
    "Review",
    "SampleLevel",
    "SavedView",
    "ScanPart",
    "ScanRun",
    "UncertainPair",
]
