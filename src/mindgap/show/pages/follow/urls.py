from django.urls import path

from mindgap.show.pages.follow import view

# The token is the key: whoever has it is the customer.
urlpatterns = [
    path("k/<str:token>/", view.follow, name="follow"),
    path("k/<str:token>/reply/", view.reply, name="follow_reply"),
    path("k/<str:token>/confirmation/", view.confirm, name="follow_confirmation"),
]
