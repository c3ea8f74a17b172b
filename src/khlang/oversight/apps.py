"""What auditors and supervisors see: the record of acts, exceptions, visits."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Read-only views for the auditor, the province and the department."""

    name = "khlang.oversight"
    label = "oversight"
