"""Printed forms, by what they are about."""
