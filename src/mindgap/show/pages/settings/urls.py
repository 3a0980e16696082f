from django.urls import path

from mindgap.show.pages.settings import entry, key, member, organization, sample, sending, view

urlpatterns = [
    path("settings/", view.index, name="settings"),
    path("settings/organization/", organization.edit, name="settings_organization"),
    path("settings/organization/new/", organization.new, name="settings_organization_new"),
    path("settings/members/", member.members, name="settings_members"),
    path("settings/members/new/", member.invite, name="settings_member_new"),
    path("settings/members/<int:pk>/", member.edit, name="settings_member"),
    path("settings/members/<int:pk>/link/", member.new_link, name="settings_member_link"),
    path("settings/keys/", key.keys, name="settings_keys"),
    path("settings/keys/<int:pk>/revocation/", key.revoke, name="settings_key_revocation"),
    path("settings/sample/", sample.sample, name="settings_sample"),
    path("settings/sample/removal/", sample.remove, name="settings_sample_removal"),
    path("settings/sending/", sending.accounts, name="settings_sending"),
    path("settings/sending/new/<slug:channel>/", sending.new, name="settings_sending_new"),
    path("settings/sending/<int:pk>/", sending.edit, name="settings_sending_account"),
    path("settings/sending/<int:pk>/trial/", sending.trial, name="settings_sending_trial"),
    path("settings/sending/<int:pk>/removal/", sending.remove, name="settings_sending_removal"),
    path("settings/<slug:section>/", entry.section, name="settings_section"),
    path("settings/entries/<slug:kind>/new/", entry.new, name="settings_entry_new"),
    path("settings/entries/<slug:kind>/<int:pk>/", entry.edit, name="settings_entry"),
    path("settings/entries/<slug:kind>/<int:pk>/removal/", entry.remove, name="settings_entry_removal"),
    path("settings/entries/<slug:kind>/<int:pk>/place/", entry.move, name="settings_entry_place"),
]
