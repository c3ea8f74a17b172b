"""National reference data: what every local government shares and none may change."""
