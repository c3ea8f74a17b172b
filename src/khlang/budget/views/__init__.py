"""Pages of the budget: one file for each topic."""
