from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "mindgap.collect"
    label = "collect"
