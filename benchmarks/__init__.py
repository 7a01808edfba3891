"""Measures the overlap engine at the size of a portal: `make bench-overlap SIZE=10000`."""

"""Measurements: each prints what it measured, and on what machine."""
