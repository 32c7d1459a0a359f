"""Labs: questions that a learner settles by doing. Their files are read once, checked, and handed out."""
