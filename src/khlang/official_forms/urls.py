"""Addresses of printed forms, under /<entity code>/."""

from django.urls import path

from khlang.official_forms.views import budget, orders, papers

app_name = "official_forms"
urlpatterns = [
    path("reports/<int:fiscal_year>/<slug:report>.pdf", papers.statement, name="statement"),
    path("journals/<int:fiscal_year>/<int:sequence_no>.pdf", papers.journal, name="journal"),
    path("vouchers/<uuid:voucher_id>.pdf", papers.voucher, name="voucher"),
    path("orders/<uuid:order_id>.pdf", orders.order, name="order"),
    path("budget/ordinances/<uuid:ordinance_id>/<slug:document>.pdf", budget.ordinance, name="ordinance"),
    path("budget/changes/<uuid:change_id>.pdf", budget.change, name="budget_change"),
    path("budget/changes/<uuid:change_id>/announcement.pdf", budget.announcement, name="budget_announcement"),
    path("budget/<int:fiscal_year>/board.pdf", budget.board, name="budget_board"),
    path("budget/<int:fiscal_year>/register.pdf", budget.register, name="budget_register_of_year"),
    path("budget/<int:fiscal_year>/lines/<uuid:line_id>/register.pdf", budget.line_register, name="budget_register"),
]
