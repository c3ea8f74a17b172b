"""National reference data, loaded from the CSV files beside this module."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Charts of accounts, fund sources, budget types, statement layouts, provinces and the rest."""

    name = "khlang.reference"
    label = "reference"
