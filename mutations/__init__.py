"""Is every deliberately broken primitive, rule, loss and optimizer caught by a test? ``python -m mutations``."""
