"""What stands on an official paper, as plain data for the typesetter; pure."""
