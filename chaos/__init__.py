"""What happens to a machine, happening to a server of our own while people work: nothing acknowledged may be lost."""
