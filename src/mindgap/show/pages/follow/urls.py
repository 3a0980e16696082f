from django.urls import path

from mindgap.show.pages.follow import view

# The token is the key: whoever has it is the customer.
urlpatterns = [
    path("k/<slug:token>/", view.follow, name="follow"),
    path("k/<slug:token>/reply/", view.reply, name="follow_reply"),
    path("k/<slug:token>/confirmation/", view.confirm, name="follow_confirmation"),
]
