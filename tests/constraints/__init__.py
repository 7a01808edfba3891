"""Statements that break each constraint and trigger, an app a file; tests/test_constraints.py runs them."""
