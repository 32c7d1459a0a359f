"""What a client may do to a server of ours, and what the others notice of it: `make attack`."""
