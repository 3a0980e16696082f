"""Requests to be forgotten, with their proofs; answers that were only a trial."""

import django.db.models.deletion
import mindgap.ground.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keep', '0004_kinds_of_expectations'),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasurePolicy',
            fields=[
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='erasure_policy', serialize=False, to='keep.organization')),
                ('readings', models.CharField(choices=[('anonymous', 'anonymous'), ('removed', 'removed')], default='anonymous', max_length=16)),
            ],
        ),
        migrations.AddField(
            model_name='submission',
            name='is_test',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('scope', models.CharField(choices=[('everything', 'everything'), ('contact', 'contact'), ('visit', 'visit')], default='everything', max_length=16)),
                ('submission_key', models.UUIDField(null=True)),
                ('source', models.CharField(max_length=32)),
                ('requested_at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'done')], default='waiting', max_length=16)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('readings', models.CharField(blank=True, max_length=16)),
                ('subject', models.JSONField(default=dict)),
                ('digests', models.JSONField(default=list)),
                ('removed', models.JSONField(default=dict)),
                ('customer', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='erasures', to='keep.customer')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='erasures', to='keep.member')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='erasures', to='keep.organization')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['organization', '-id'], name='erasure_latest'), models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='erasure_waiting')],
            },
        ),
    ]
