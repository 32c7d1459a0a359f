"""Steps as they are answered: what a page shows after a move."""
