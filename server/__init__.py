"""The web server of the backprop playground: parses requests, calls the engine, encodes answers."""
