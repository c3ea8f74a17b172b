"""What the pages of the budget send, read and not judged: one file for each topic."""
