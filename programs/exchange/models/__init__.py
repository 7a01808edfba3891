"""What came in from other systems, as it came, and what became of it."""

from programs.exchange.models.dumps import Dump, DumpPart
from programs.exchange.models.iati import IatiRecord
from programs.exchange.models.imports import ColumnMeaning, Import, ImportFile, ImportRow

__all__ = ["ColumnMeaning", "Dump", "DumpPart", "IatiRecord", "Import", "ImportFile", "ImportRow"]
