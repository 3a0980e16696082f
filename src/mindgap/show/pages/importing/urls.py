from django.urls import path

from mindgap.show.pages.importing import quarantine, run, view

urlpatterns = [
    path("import/", view.uploads, name="import"),
    path("import/files/<uuid:file>/", view.mapping, name="import_mapping"),
    path("import/runs/<int:pk>/", run.run, name="import_run"),
    path("import/quarantine/", quarantine.listing, name="quarantine"),
    path("import/quarantine/export/", quarantine.export, name="quarantine_export"),
    path("import/quarantine/replay/", quarantine.replay, name="quarantine_replay"),
    path("import/quarantine/dismissal/", quarantine.dismiss, name="quarantine_dismissal"),
    path("import/quarantine/<int:pk>/", quarantine.repair, name="quarantine_row"),
]
