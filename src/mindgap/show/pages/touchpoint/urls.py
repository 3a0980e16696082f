from django.urls import path

from mindgap.show.pages.touchpoint import view

# Codes may hold letters of any script, which Django's slug does not.
urlpatterns = [path("touchpoints/<str:code>/", view.touchpoint, name="touchpoint")]
