"""Steps as they are answered: by layer, as a frame, as a view; nothing here knows a session."""
