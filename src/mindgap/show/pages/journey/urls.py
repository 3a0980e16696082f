from django.urls import path

from mindgap.show.pages.journey import view

urlpatterns = [path("journey/", view.journey, name="journey")]
