"""Training that one watches: what a socket hears and says, the training of a session, and how its watchers know."""
