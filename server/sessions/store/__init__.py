"""Sessions as bytes with a version, in a store that survives the process."""
