"""Browsers of people, as in the journeys."""

from tests.journeys.conftest import at_desk, office

__all__ = ["at_desk", "office"]
