"""Demonstration data: programs as CARSI's donors really run them, all of them made up."""
