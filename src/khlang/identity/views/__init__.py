"""Pages of people, orders and rights."""
