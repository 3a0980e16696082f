"""Surveys and their versions, whom they ask and when, what came of it, and the places that may be taken."""

import django.core.validators
import django.db.models.deletion
import mindgap.ground.clock
import mindgap.keep.survey
import mindgap.keep.texts
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keep', '0002_arrivals_in_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactPolicy',
            fields=[
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='contact_policy', serialize=False, to='keep.organization')),
                ('cap_days', models.PositiveIntegerField(default=30)),
                ('cap_count', models.PositiveIntegerField(default=1)),
                ('year_count', models.PositiveIntegerField(default=4)),
                ('rest_after_answer_days', models.PositiveIntegerField(default=90)),
                ('per_survey_rest_days', models.PositiveIntegerField(default=90)),
                ('quiet_from', models.CharField(default='21:00', max_length=5, validators=[django.core.validators.RegexValidator('^([01]\\d|2[0-3]):[0-5]\\d$', 'Write a time of day as 21:00.', code='bad_time')])),
                ('quiet_to', models.CharField(default='09:00', max_length=5, validators=[django.core.validators.RegexValidator('^([01]\\d|2[0-3]):[0-5]\\d$', 'Write a time of day as 21:00.', code='bad_time')])),
                ('suppress_on_open_case', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(allow_unicode=True, max_length=64)),
                ('name', mindgap.keep.texts.TextsField(default=dict)),
                ('short', models.CharField(default=mindgap.keep.survey.new_short, editable=False, max_length=22, unique=True)),
                ('kind', models.CharField(choices=[('relationship', 'relationship'), ('transaction', 'transaction'), ('expectation', 'expectation'), ('echo', 'echo'), ('recovery', 'recovery'), ('assessment', 'assessment')], default='transaction', max_length=16)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('live', 'live'), ('closed', 'closed')], default='draft', max_length=8)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='surveys', to='keep.organization')),
                ('touchpoint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='surveys', to='keep.touchpoint')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'code'), name='survey_code_once')],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(allow_unicode=True, max_length=64)),
                ('name', mindgap.keep.texts.TextsField(default=dict)),
                ('kind', models.CharField(choices=[('relationship', 'relationship'), ('transaction', 'transaction'), ('expectation', 'expectation'), ('echo', 'echo'), ('recovery', 'recovery'), ('assessment', 'assessment')], default='transaction', max_length=16)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('running', 'running'), ('paused', 'paused'), ('ended', 'ended')], default='draft', max_length=8)),
                ('trigger', models.CharField(choices=[('event', 'event'), ('schedule', 'schedule')], default='event', max_length=8)),
                ('event', models.JSONField(blank=True, default=dict)),
                ('schedule', models.JSONField(blank=True, default=dict)),
                ('condition', models.JSONField(blank=True, default=dict)),
                ('delay_minutes', models.PositiveIntegerField(default=0)),
                ('sample', models.FloatField(default=1.0, help_text='Share of those who qualify, 0 to 1.')),
                ('channels', models.JSONField(blank=True, default=list)),
                ('reminders', models.JSONField(blank=True, default=list)),
                ('rest_days', models.PositiveIntegerField(blank=True, help_text="Empty: the policy's.", null=True)),
                ('priority', models.IntegerField(default=0)),
                ('since', models.DateTimeField(blank=True, null=True)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='programmes', to='keep.organization')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='programmes', to='keep.survey')),
            ],
            options={
                'ordering': ['-priority', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'code'), name='programme_code_once'), models.CheckConstraint(condition=models.Q(('sample__gte', 0), ('sample__lte', 1)), name='programme_sample_share')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('short', models.CharField(default=mindgap.keep.survey.new_short, editable=False, max_length=22, unique=True)),
                ('label', models.CharField(blank=True, max_length=200)),
                ('channel', models.CharField(blank=True, max_length=64)),
                ('hidden', models.JSONField(blank=True, default=dict)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('touchpoint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='links', to='keep.touchpoint')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='links', to='keep.unit')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='keep.survey')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SurveyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('definition', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=32)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published')], default='draft', max_length=16)),
                ('saved_at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='published_surveys', to='keep.member')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='keep.survey')),
            ],
            options={
                'ordering': ['survey', 'number'],
                'constraints': [models.UniqueConstraint(fields=('survey', 'number'), name='survey_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('survey',), name='survey_one_draft')],
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('running', 'running'), ('ended', 'ended')], default='planned', max_length=8)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waves', to='keep.programme')),
            ],
            options={
                'ordering': ['programme', 'number'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'number'), name='wave_once')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('channel', models.CharField(blank=True, max_length=64)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('hidden', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('bounced_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('reminded', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('opened', 'opened'), ('answered', 'answered'), ('expired', 'expired'), ('bounced', 'bounced'), ('revoked', 'revoked')], default='waiting', max_length=16)),
                ('customer', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='keep.customer')),
                ('interaction', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='keep.interaction')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='keep.organization')),
                ('touchpoint', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='keep.touchpoint')),
                ('unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='keep.unit')),
                ('programme', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='keep.programme')),
                ('survey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='keep.survey')),
                ('wave', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='keep.wave')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['organization', 'survey', 'state'], name='invitation_of_survey'), models.Index(fields=['programme', 'state', 'sent_at'], name='invitation_to_remind')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('key', models.UUIDField()),
                ('state', models.CharField(choices=[('partial', 'partial'), ('finished', 'finished'), ('over_quota', 'over_quota'), ('screened', 'screened')], default='partial', max_length=16)),
                ('started_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('page', models.CharField(blank=True, max_length=64)),
                ('answers', models.JSONField(default=dict)),
                ('seconds', models.JSONField(default=dict)),
                ('hidden', models.JSONField(default=dict)),
                ('flags', models.JSONField(default=dict)),
                ('channel', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='keep.channel')),
                ('customer', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submissions', to='keep.customer')),
                ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submissions', to='keep.invitation')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submissions', to='keep.link')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='keep.organization')),
                ('touchpoint', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='keep.touchpoint')),
                ('unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='keep.unit')),
                ('survey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='keep.survey')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='keep.surveyversion')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'survey', '-changed_at'], name='submission_latest')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'key'), name='submission_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('channel', models.CharField(blank=True, max_length=64)),
                ('outcome', models.CharField(choices=[('sent', 'sent'), ('delayed_until', 'delayed_until'), ('skipped_cap', 'skipped_cap'), ('skipped_consent', 'skipped_consent'), ('skipped_quiet', 'skipped_quiet'), ('skipped_open_case', 'skipped_open_case'), ('lost_auction', 'lost_auction'), ('not_sampled', 'not_sampled'), ('skipped_optout', 'skipped_optout'), ('skipped_rest', 'skipped_rest'), ('no_address', 'no_address'), ('failed', 'failed')], max_length=32)),
                ('until', models.DateTimeField(null=True)),
                ('reasons', models.JSONField(default=list)),
                ('decided_at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('candidate', models.CharField(max_length=64)),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='keep.customer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='keep.organization')),
                ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='keep.invitation')),
                ('programme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='keep.programme')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='keep.survey')),
                ('wave', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='keep.wave')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['customer', 'outcome', '-decided_at'], name='contact_history'), models.Index(condition=models.Q(('until__isnull', False)), fields=['outcome', 'until'], name='contact_due')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'candidate'), name='contact_candidate_once')],
            },
        ),
        migrations.CreateModel(
            name='Claimed',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('used', models.BigIntegerField(default=0)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='keep.organization')),
            ],
            options={
                'db_table': 'keep_claim',
                'constraints': [models.UniqueConstraint(fields=('organization', 'name'), name='claim_once')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('submission_key', models.UUIDField(null=True)),
                ('purpose', models.CharField(max_length=64)),
                ('given', models.BooleanField()),
                ('text_version', models.CharField(blank=True, max_length=64)),
                ('text_hash', models.CharField(blank=True, max_length=64)),
                ('channel', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('proof', models.JSONField(default=dict)),
                ('customer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='keep.customer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='keep.organization')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['customer', 'purpose', '-at'], name='consent_standing'), models.Index(condition=models.Q(('submission_key__isnull', False)), fields=['submission_key'], name='consent_of_submission')],
            },
        ),
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('channel', models.CharField(blank=True, default='', max_length=64)),
                ('at', models.DateTimeField(default=mindgap.ground.clock.now)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('source', models.CharField(blank=True, max_length=64)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='optouts', to='keep.customer')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='optouts', to='keep.organization')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['customer', 'channel'], name='optout_of_customer')],
            },
        ),
    ]
