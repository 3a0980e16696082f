"""Notices keep what they said, so that it can be said again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('act', '0001_alerts_cases_improvements_audits'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='words',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='notice',
            name='resent',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
