from django.apps import AppConfig


class KeepConfig(AppConfig):
    name = "mindgap.keep"
    label = "keep"
