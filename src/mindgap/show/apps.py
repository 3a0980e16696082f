from django.apps import AppConfig


class ShowConfig(AppConfig):
    name = "mindgap.show"
    label = "show"
