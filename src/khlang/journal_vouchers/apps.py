"""The general journal, written by hand."""

from django.apps import AppConfig


class JournalVouchersConfig(AppConfig):
    """General journal vouchers from draft to posted."""

    name = "khlang.journal_vouchers"
    label = "journal_vouchers"
