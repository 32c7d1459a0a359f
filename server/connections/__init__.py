"""Connections as they are, below the application: who is waited for, for how long, and how many there may be."""
