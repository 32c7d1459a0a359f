"""All that a model, a run and a data set can be made of, with its words."""
