from django.urls import path

from mindgap.show.pages.erasures import view

urlpatterns = [
    path("erasures/", view.erasures, name="erasures"),
    path("erasures/policy/", view.policy, name="erasure_policy"),
]
