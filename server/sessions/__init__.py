"""Runs that are stored: begun, changed, moved through, answered; each by one caller at a time."""
