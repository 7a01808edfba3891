"""IATI activity files: read (reader), turned into programs (importer)."""
