from django.urls import path

from mindgap.show.pages.programmes import change, contacts, view, wording

urlpatterns = [
    path("programmes/", view.programmes, name="programmes"),
    path("programmes/new/", change.new, name="programme_new"),
    path("programmes/policy/", change.policy, name="programme_policy"),
    path("programmes/contacts/", contacts.contacts, name="programme_contacts"),
    path("programmes/<str:code>/", view.programme, name="programme"),
    path("programmes/<str:code>/edit/", change.edit, name="programme_edit"),
    path("programmes/<str:code>/state/", change.state, name="programme_state"),
    path("programmes/<str:code>/words/", wording.words, name="programme_words"),
    path("programmes/<str:code>/words/<str:way>/<str:kind>/", wording.edit, name="programme_wording"),
    path(
        "programmes/<str:code>/words/<str:way>/<str:kind>/preview/<str:language>/",
        wording.preview,
        name="programme_wording_preview",
    ),
    path("programmes/<str:code>/list/", change.ask, name="programme_list"),
]
