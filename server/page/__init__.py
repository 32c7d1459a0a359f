"""The page as a browser gets it: bundled or as sources, compressed, and with its version."""
