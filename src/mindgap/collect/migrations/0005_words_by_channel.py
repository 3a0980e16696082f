from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collect", "0004_widget_sites")]

    operations = [
        migrations.AddField(
            model_name="wording",
            name="way",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.RemoveConstraint(model_name="wording", name="wording_once"),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.UniqueConstraint(
                fields=("programme", "way", "kind", "language"), name="wording_once"
            ),
        ),
    ]
