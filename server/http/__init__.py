"""What stands around every answer: bodies and errors, headers, compression, long answers."""
