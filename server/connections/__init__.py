"""Connections themselves, below the application: which are waited for, for how long, and how many there may be."""
