import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keep", "0005_erasures_and_trials")]

    operations = [
        # Without a default first: all rows that are there would get the same one.
        migrations.AddField(
            model_name="erasure", name="ref", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.AlterField(
            model_name="erasure",
            name="ref",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
    ]
