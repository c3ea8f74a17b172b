"""Pages of journal vouchers."""
