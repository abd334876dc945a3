"""Addresses of contacts, their follow-up, exposures, the four clarities and the pictures of an incident."""

from django.urls import include, path

from sizao.ops.tracing import (
    bulk,
    clarity_views,
    contact_views,
    edition_views,
    end_views,
    exposure_views,
    follow_up_views,
    hand_over_views,
    one_contact_views,
)

app_name = "tracing"
INCIDENT = "incidents/<int:incident_id>/"
ROOT = f"{INCIDENT}contacts/"
ONE = f"{ROOT}<int:contact_id>/"
urlpatterns = [
    path(ROOT, contact_views.contact_list, name="list"),
    path(f"{ROOT}export/", contact_views.export, name="export"),
    path(f"{ROOT}bulk/", bulk.bulk_edit, name="bulk"),
    path(f"{ROOT}views/save/", contact_views.keep_view, name="save_view"),
    path(f"{ROOT}views/drop/", contact_views.forget_view, name="drop_view"),
    path(f"{ROOT}new/", one_contact_views.new_contact, name="new"),
    path(ONE, one_contact_views.contact_page, name="contact"),
    path(f"{ONE}edit/", one_contact_views.edit_contact, name="edit"),
    path(f"{ONE}clear/<slug:clarity>/", one_contact_views.clear_contact, name="clear"),
    path(f"{ONE}convert/", one_contact_views.convert_contact, name="convert"),
    path(f"{ONE}undo/", one_contact_views.undo_decision, name="undo"),
    path(f"{INCIDENT}cases/<int:case_id>/sources/add/", exposure_views.add_source, name="add_source"),
    path(f"{INCIDENT}exposures/<int:exposure_id>/withdraw/", exposure_views.withdraw, name="withdraw"),
    path(f"{INCIDENT}exposures/<int:exposure_id>/reinstate/", exposure_views.reinstate, name="reinstate"),
    path(f"{INCIDENT}follow-up/", follow_up_views.follow_up, name="follow_up"),
    path(f"{INCIDENT}follow-up/<int:follow_up_id>/", follow_up_views.record_visit, name="record"),
    path("hand-overs/", hand_over_views.hand_overs, name="hand_overs"),
    path("hand-overs/<int:offer_id>/answer/", hand_over_views.answer, name="answer_hand_over"),
    path("hand-overs/<int:offer_id>/withdraw/", hand_over_views.withdraw, name="withdraw_hand_over"),
    path(f"{INCIDENT}hand-over/<slug:subject>/<int:subject_id>/", hand_over_views.offer, name="offer"),
    path(f"{INCIDENT}edition/", edition_views.edition_page, name="edition"),
    path(
        f"{INCIDENT}edition/<slug:protocol>/people/<slug:which>/", edition_views.edition_people, name="edition_people"
    ),
    path(f"{INCIDENT}edition/back/", edition_views.roll_back, name="roll_back_edition"),
    path(f"{INCIDENT}end/", end_views.end_page, name="end"),
    path(f"{INCIDENT}clarities/", clarity_views.clarity_page, name="clarities"),
    path("", include("sizao.ops.tracing.pictures.urls")),
]
