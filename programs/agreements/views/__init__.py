"""Pages of agreements and of meetings."""
