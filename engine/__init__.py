"""NumPy engine of the backprop playground: a training step is a program, and everything is read off it."""
