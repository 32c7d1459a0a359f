"""What stands in a text: pieces, brackets, rows, marks."""
