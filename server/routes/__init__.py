"""The routes: they parse, call and encode; there is no logic in them."""
