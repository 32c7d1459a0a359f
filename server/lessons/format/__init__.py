"""What the files of a lab may say, and where in one something is wrong."""
