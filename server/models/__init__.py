"""How a request describes numbers, a model, an optimizer."""
