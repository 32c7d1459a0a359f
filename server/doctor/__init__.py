"""The gradient doctor over HTTP: what a learner's code gave, and what is wrong with it."""
