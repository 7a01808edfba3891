"""Forms of agreements and of meetings."""
