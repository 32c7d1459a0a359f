"""Numbers as people write them, and how a matrix lies."""
