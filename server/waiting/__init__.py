"""Waiting: for a place, for a turn, for room in memory."""
