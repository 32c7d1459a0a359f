"""Gradients beside differences of the loss, and the loss along one number."""
