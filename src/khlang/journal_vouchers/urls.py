"""Addresses of journal vouchers, under /<entity code>/."""

from django.urls import path

from khlang.journal_vouchers.views import documents, editor, lists

app_name = "journal_vouchers"
_ONE = "vouchers/<uuid:voucher_id>"
urlpatterns = [
    path("vouchers/", lists.voucher_list, name="list"),
    path("vouchers/vouchers.xlsx", lists.voucher_workbook, name="workbook"),
    path("vouchers/new/", editor.new_voucher, name="new"),
    path(f"{_ONE}/", documents.voucher_detail, name="detail"),
    path(f"{_ONE}/edit/", editor.edit_voucher, name="edit"),
    path(f"{_ONE}/draft/", editor.draft, name="draft"),
    path(f"{_ONE}/words/", editor.words_of_form, name="words"),
    path(f"{_ONE}/preview/", editor.preview, name="preview"),
    path(f"{_ONE}/post/", documents.post_voucher, name="post"),
    path(f"{_ONE}/return/", documents.return_voucher, name="return"),
    path(f"{_ONE}/cancel/", documents.cancel_voucher, name="cancel"),
    path(f"{_ONE}/reverse/", documents.reverse_voucher, name="reverse"),
    path(f"{_ONE}/copy/", documents.copy_voucher, name="copy"),
    path(f"{_ONE}/files/", documents.attach, name="attach"),
    path(f"{_ONE}/files/<uuid:attachment_id>/", documents.attachment, name="attachment"),
    path(f"{_ONE}/files/<uuid:attachment_id>/detach/", documents.detach, name="detach"),
]
