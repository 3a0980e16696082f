from django.urls import path

from mindgap.show.pages.places import code, entry, personal, sheet, view

app_name = "places"

urlpatterns = [
    path("surveys/<str:survey>/places/", view.listing, name="survey"),
    path("surveys/<str:survey>/places/units/", view.every_unit, name="units"),
    path("surveys/<str:survey>/places/personal/", personal.links, name="personal"),
    path("surveys/<str:survey>/places/new/", entry.new, name="new"),
    path("surveys/<str:survey>/places/sheet/", sheet.page, name="sheet"),
    path("surveys/<str:survey>/places/sheet.pdf", sheet.pdf, name="pdf"),
    path("surveys/<str:survey>/places/<str:short>/", entry.edit, name="entry"),
    path("surveys/<str:survey>/places/<str:short>/state/", entry.state, name="state"),
    path("surveys/<str:survey>/places/<str:short>/code.<str:form>", code.download, name="code"),
]
