"""Names as people write them, and what they mean."""
