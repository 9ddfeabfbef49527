"""Computes the miss rate of a detector."""


def metric(expected, detected):
    """Return the share of expected objects that were not detected."""
    missed = [box for box in expected if box not in detected]
    return len(missed) / max(1, len(expected))
