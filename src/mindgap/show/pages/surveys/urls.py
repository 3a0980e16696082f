from django.urls import path

from mindgap.show.pages.surveys import (
    change,
    download,
    editor,
    links,
    path_of,
    preview,
    publication,
    results,
    translation,
    view,
)

urlpatterns = [
    path("surveys/", view.listing, name="surveys"),
    path("surveys/new/", view.new, name="survey_new"),
    path("surveys/<str:code>/", results.results, name="survey"),
    path("surveys/<str:code>/settings/", view.settings, name="survey_settings"),
    path("surveys/<str:code>/edit/", editor.edit, name="survey_edit"),
    path("surveys/<str:code>/edit/<str:kind>/", editor.edit, name="survey_part"),
    path("surveys/<str:code>/edit/<str:kind>/<str:item>/", editor.edit, name="survey_item"),
    path("surveys/<str:code>/changes/", change.change, name="survey_change"),
    path("surveys/<str:code>/translation/", translation.languages, name="survey_languages"),
    path("surveys/<str:code>/translation/<str:language>/", translation.translate, name="survey_translation"),
    path("surveys/<str:code>/preview/", preview.preview, name="survey_preview"),
    path("surveys/<str:code>/path/", path_of.path_of, name="survey_path"),
    path("surveys/<str:code>/links/", links.links, name="survey_links"),
    path("surveys/<str:code>/versions/", publication.versions, name="survey_versions"),
    path("surveys/<str:code>/publication/", publication.publish, name="survey_publication"),
    path("surveys/<str:code>/closure/", publication.close, name="survey_closure"),
    path("surveys/<str:code>/reopening/", publication.reopen, name="survey_reopening"),
    path("surveys/<str:code>/answers/<str:layout>/<str:form>/", download.download, name="survey_answers"),
]
