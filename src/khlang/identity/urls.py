"""Addresses of people, orders and rights, under /<entity code>/."""

from django.urls import path

from khlang.identity.views import (
    entities,
    order_form,
    orders,
    people,
    people_import,
    person_acts,
    provinces,
    reviews,
    rights,
)

app_name = "identity"
_PERSON = "people/<int:user_id>"
_IMPORT = "people/import/<uuid:people_import_id>"
urlpatterns = [
    path("people/", people.people_list, name="people"),
    path("people/people.xlsx", people.people_workbook, name="people-workbook"),
    path("people/new/", person_acts.new_person, name="new-person"),
    path("people/import/", people_import.new_import, name="import-people"),
    path("people/import/template.xlsx", people_import.template, name="people-template"),
    path(f"{_IMPORT}/", people_import.import_detail, name="people-import"),
    path(f"{_IMPORT}/take/", people_import.take, name="take-people"),
    path(f"{_IMPORT}/passwords/", people_import.passwords, name="first-passwords"),
    path(f"{_PERSON}/", people.person_detail, name="person"),
    path(f"{_PERSON}/name/", person_acts.rename, name="rename"),
    path(f"{_PERSON}/contact/", person_acts.contact, name="contact"),
    path(f"{_PERSON}/roles/give/", person_acts.give_role, name="give-role"),
    path(f"{_PERSON}/roles/end/", person_acts.end_role, name="end-role"),
    path(f"{_PERSON}/citizen-number/", person_acts.citizen_number, name="citizen-number"),
    path(f"{_PERSON}/leave/", person_acts.leave, name="leave"),
    path("entities/", entities.entity_list, name="entities"),
    path("entities/entities.xlsx", entities.entity_workbook, name="entities-workbook"),
    path("entities/keep/", entities.keep_entity, name="keep-entity"),
    path("entities/import/", entities.take_entities, name="import-entities"),
    path("provinces/", provinces.province_list, name="provinces"),
    path("provinces/provinces.xlsx", provinces.province_workbook, name="provinces-workbook"),
    path("provinces/<str:office_code>/", provinces.province_detail, name="province"),
    path("provinces/<str:office_code>/give/", provinces.give_role, name="give-province-role"),
    path("provinces/<str:office_code>/end/", provinces.end_role, name="end-province-role"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/orders.xlsx", orders.order_workbook, name="orders-workbook"),
    path("orders/new/", order_form.new_order, name="new-order"),
    path("orders/<uuid:order_id>/", orders.order_detail, name="order"),
    path("orders/<uuid:order_id>/end/", orders.end_order, name="end-order"),
    path("review/", reviews.review, name="review"),
    path("review/<uuid:review_id>/", reviews.past_review, name="review-past"),
    path("review/<uuid:review_id>/review.xlsx", reviews.review_workbook, name="review-workbook"),
    path("permissions/", rights.permission_matrix, name="permissions"),
    path("permissions/permissions.xlsx", rights.permission_workbook, name="permissions-workbook"),
    path("rights/", rights.my_rights, name="rights"),
    path("why/", rights.why, name="why"),
]
