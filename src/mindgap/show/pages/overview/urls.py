from django.urls import path

from mindgap.show.pages.overview import view

urlpatterns = [
    path("", view.overview, name="overview"),
    path("figures/", view.figures, name="overview_figures"),
]
