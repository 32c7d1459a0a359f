"""The gradient doctor: a learner's own numbers beside those of the right program, and what is wrong with them."""
