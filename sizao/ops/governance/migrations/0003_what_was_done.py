import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

AUTO = {"auto_created": True, "primary_key": True, "serialize": False, "verbose_name": "ID"}


def to(target, on_delete=django.db.models.deletion.PROTECT, **options):
    return models.ForeignKey(on_delete=on_delete, to=target, **options)


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0002_scheduled_job'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(**AUTO)),
                ('at', models.DateTimeField()),
                ('via', models.CharField(blank=True, help_text='page or command', max_length=80)),
                ('request', models.CharField(blank=True, help_text="the request's id in the log", max_length=36)),
                ('by', to(settings.AUTH_USER_MODEL, blank=True, null=True, db_constraint=False, related_name='+')),
            ],
        ),
        migrations.CreateModel(
            name='RowChange',
            fields=[
                ('id', models.BigAutoField(**AUTO)),
                ('model', models.CharField(max_length=60)),
                ('row_id', models.BigIntegerField(null=True)),
                ('last_id', models.BigIntegerField(null=True)),
                ('row_key', models.CharField(blank=True, default='', max_length=64)),
                ('kind', models.CharField(max_length=1)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('deed', to('governance.deed', null=True, db_constraint=False, related_name='changes')),
            ],
            options={'indexes': [models.Index(fields=['model', 'row_id', 'id'], name='change_of_row')]},
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(**AUTO)),
                ('number', models.BigIntegerField(unique=True)),
                ('at', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('action', models.CharField(max_length=60)),
                ('model', models.CharField(blank=True, max_length=60)),
                ('row_id', models.BigIntegerField(null=True)),
                ('content', models.JSONField(default=dict)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('by', to(settings.AUTH_USER_MODEL, related_name='+')),
            ],
        ),
        migrations.CreateModel(
            name='AuditSubject',
            fields=[
                ('id', models.BigAutoField(**AUTO)),
                ('model', models.CharField(max_length=60)),
                ('row_id', models.BigIntegerField()),
                ('entry', to(
                    'governance.auditentry', django.db.models.deletion.CASCADE, db_index=False, related_name='subjects',
                )),
            ],
            options={'indexes': [models.Index(fields=['model', 'row_id', 'entry'], name='seen_row')]},
        ),
        migrations.AddField(
            model_name='auditentry',
            name='deed',
            field=to('governance.deed', null=True, db_constraint=False, related_name='entries'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['-written_at', '-id'], name='audit_by_time'),
        ),
    ]
