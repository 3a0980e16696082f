"""What should be and what would just do stand beside the prediction in the facts; `mindgap facts rebuild` fills them
for what was recorded before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keep', '0003_surveys'),
    ]

    operations = [
        migrations.AddField(
            model_name='reading',
            name='should',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='reading',
            name='minimum',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='factfile',
            name='layout',
            field=models.PositiveSmallIntegerField(default=1),
        ),
    ]
