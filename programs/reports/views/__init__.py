"""Pages of profiles and reports."""
