"""Whether the server runs and can do its work; its numbers for Prometheus."""
