"""What is open is little beside what was ever done: whoever looks for what is due soon reads that little only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keep", "0006_erasures_outlive_a_restore")]

    operations = [
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                fields=["organization", "due_at", "started_at"],
                name="interaction_open_due",
                condition=models.Q(state=2),
            ),
        ),
    ]
