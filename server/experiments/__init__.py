"""Experiments beside everything else: bounded, given up when nobody waits, kept by request."""
