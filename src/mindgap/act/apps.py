from django.apps import AppConfig


class ActConfig(AppConfig):
    name = "mindgap.act"
    label = "act"
