from django.urls import path

from mindgap.show.pages.promises import occurrence, view

urlpatterns = [
    path("promises/", view.register, name="promises"),
    path("promises/new/", view.new, name="promise_new"),
    path("promises/<str:code>/", view.promise, name="promise"),
    path("promises/<str:code>/edit/", view.edit, name="promise_edit"),
    path("promises/<str:code>/occurrences/new/", occurrence.new, name="occurrence_new"),
    path("promises/<str:code>/occurrences/<int:pk>/", occurrence.edit, name="occurrence"),
    path(
        "promises/<str:code>/occurrences/<int:pk>/retirement/",
        occurrence.retire,
        name="occurrence_retirement",
    ),
]
