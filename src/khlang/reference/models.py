"""National tables. One row per code; a row is ended with its last year, never deleted (R2).

No entity_id: these rows are the same for everybody, and the role that serves requests may only read them.
"""

from typing import ClassVar

from django.db import models


class _Sourced(models.Model):
    """Columns of every row: where it was seen, how sure we are, and the fiscal years in which it holds (B.E.)."""

    valid_from_year = models.IntegerField()
    valid_to_year = models.IntegerField(null=True)
    source = models.TextField()
    confidence = models.TextField()

    class Meta:
        abstract = True


class Account(_Sourced):
    """An account of one of the two charts; `mapped_code` is today's code of an old one."""

    code = models.TextField(primary_key=True)
    chart = models.TextField()
    name_th = models.TextField()
    name_en = models.TextField()
    kind = models.TextField()
    normal_side = models.TextField()
    parent_code = models.TextField(default="")
    is_postable = models.BooleanField()
    statement_line = models.TextField(default="")
    mapped_code = models.TextField(default="")
    printed_code = models.TextField(default="")
    budget_type = models.TextField(default="")
    is_cash = models.BooleanField(default=False)
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_account"
        indexes: ClassVar = [models.Index(fields=["chart", "sort_key"], name="reference_account_by_chart")]


class FundSource(_Sourced):
    """A source of money (R7). Every ledger line carries exactly one."""

    code = models.TextField(primary_key=True)
    name_th = models.TextField()
    name_en = models.TextField()
    fund_group = models.TextField()
    in_budget = models.BooleanField()
    restricted = models.BooleanField()
    exchange_label_th = models.TextField(default="")
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_fund_source"


class BudgetType(_Sourced):
    """A revenue type (six digits) or an expenditure type (seven digits) of the budget structure."""

    code = models.TextField(primary_key=True)
    side = models.TextField()
    level = models.TextField()
    parent_code = models.TextField(default="")
    name_th = models.TextField()
    name_en = models.TextField()
    account_code = models.TextField(default="")
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_budget_type"


class BudgetLineKind(_Sourced):
    """How budget lines of some expenditure types are treated: counted by item or type, recurrent or investment."""

    code = models.TextField(primary_key=True)
    selector = models.TextField()
    for_projects = models.BooleanField()
    control_level = models.TextField()
    nature = models.TextField()
    is_personnel = models.BooleanField()
    is_subsidy = models.BooleanField()
    needs_plan_reference = models.BooleanField()
    name_th = models.TextField()
    name_en = models.TextField()
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_budget_line_kind"


class GrantKind(_Sourced):
    """A kind of money given for a stated purpose, and whether it stands outside the ordinance in its years."""

    code = models.TextField(primary_key=True)
    fund_source = models.TextField()
    in_ordinance = models.BooleanField()
    returns_left_over = models.BooleanField()
    name_th = models.TextField()
    name_en = models.TextField()
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_grant_kind"


class Plan(_Sourced):
    """A side, plan or work of the budget structure."""

    code = models.TextField(primary_key=True)
    level = models.TextField()
    parent_code = models.TextField(default="")
    name_th = models.TextField()
    name_en = models.TextField()
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_plan"


class StatementLine(_Sourced):
    """One line of a statement's layout; the selector grammar is in this area's README."""

    pk = models.CompositePrimaryKey("layout", "chart", "line_code")
    layout = models.TextField()
    chart = models.TextField()
    line_code = models.TextField()
    line_no = models.IntegerField()
    label_th = models.TextField()
    label_en = models.TextField()
    kind = models.TextField()
    side = models.TextField(default="")
    selector = models.TextField(default="")
    detail = models.TextField(default="")
    printed_code = models.TextField(default="")
    sign = models.IntegerField(default=1)
    subtotal_of = models.TextField(default="")
    formula = models.TextField(default="")
    must_equal = models.TextField(default="")

    class Meta:
        db_table = "reference_statement_line"


class JournalKind(_Sourced):
    """A kind of journal with the series that numbers it (R10)."""

    code = models.TextField(primary_key=True)
    series = models.TextField()
    prefix_th = models.TextField()
    label_th = models.TextField()
    label_en = models.TextField()
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_journal_kind"


class Province(_Sourced):
    """A province, with its two-digit code of ISO 3166-2:TH."""

    code = models.TextField(primary_key=True)
    name_th = models.TextField()
    name_en = models.TextField()
    region = models.TextField()
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_province"


class EntityKind(_Sourced):
    """A kind of local government or unit: its titles, who supervises it (R5), the name of its budget law (R4)."""

    code = models.TextField(primary_key=True)
    level = models.TextField()
    parent_kind = models.TextField(default="")
    name_th = models.TextField()
    name_en = models.TextField()
    abbreviation_th = models.TextField(default="")
    supervisor_th = models.TextField(default="")
    supervisor_en = models.TextField(default="")
    budget_law_th = models.TextField(default="")
    budget_law_en = models.TextField(default="")
    keeps_books = models.BooleanField()
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_entity_kind"


class LegalInstrument(_Sourced):
    """A law, regulation, announcement or circular that a rule rests on (R1)."""

    code = models.TextField(primary_key=True)
    name_th = models.TextField()
    name_en = models.TextField()
    kind = models.TextField()
    status = models.TextField()
    replaced_by = models.TextField(default="")
    note = models.TextField(default="")

    class Meta:
        db_table = "reference_legal_instrument"


class Parameter(models.Model):
    """A percentage, limit or day count, chosen by the day of the obligation, never by today (R2)."""

    pk = models.CompositePrimaryKey("name", "applies_to", "valid_from")
    name = models.TextField()
    applies_to = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    value = models.TextField()
    unit = models.TextField()
    label_th = models.TextField()
    label_en = models.TextField()
    instrument = models.TextField(default="")
    article = models.TextField(default="")
    rule = models.TextField()
    certainty = models.TextField()
    source = models.TextField()
    confidence = models.TextField()

    class Meta:
        db_table = "reference_parameter"


class Bank(_Sourced):
    """A bank, with the code the Bank of Thailand gave it."""

    code = models.TextField(primary_key=True)
    abbreviation = models.TextField()
    name_th = models.TextField()
    name_en = models.TextField()
    swift = models.TextField(default="")
    used_by_local_governments = models.BooleanField()
    status = models.TextField()
    sort_key = models.TextField()

    class Meta:
        db_table = "reference_bank"


class Holiday(models.Model):
    """A public holiday (R11); an entity adds its own beside these."""

    pk = models.CompositePrimaryKey("day", "name_th")
    day = models.DateField()
    name_th = models.TextField()
    name_en = models.TextField()
    scope = models.TextField()
    source = models.TextField()
    confidence = models.TextField()

    class Meta:
        db_table = "reference_holiday"
