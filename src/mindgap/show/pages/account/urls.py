from django.urls import path

from mindgap.show.pages.account import view

urlpatterns = [
    path("welcome/<str:token>", view.welcome, name="welcome"),
    path("language/", view.language, name="language"),
    path("organization/", view.organization, name="organization"),
]
