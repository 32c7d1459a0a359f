"""A session as it is worked with, and as the bytes that are stored."""
