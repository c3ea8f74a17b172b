"""Practice organizations: invented books, made by the commands that users use."""
