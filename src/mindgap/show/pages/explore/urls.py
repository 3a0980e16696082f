from django.urls import path

from mindgap.show.pages.explore import view

urlpatterns = [
    path("explore/", view.explore, name="explore"),
    path("explore/download/<slug:form>/", view.download, name="explore_download"),
]
