import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

USER = settings.AUTH_USER_MODEL
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def to(target, on_delete=django.db.models.deletion.PROTECT, **options):
    return models.ForeignKey(on_delete=on_delete, to=target, **options)


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_what_was_done")]

    operations = [
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                ("id", ID),
                ("purpose", models.CharField(max_length=30)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("made_by", to(USER, related_name="+")),
                ("user", to(USER, django.db.models.deletion.CASCADE, related_name="one_time_links")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="one_time_link_expires"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                ("id", ID),
                ("area_path", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("was_justified", models.BooleanField(blank=True, null=True)),
                ("finding", models.TextField(blank=True)),
                (
                    "grant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergency_access",
                        to="governance.grant",
                    ),
                ),
                ("reviewed_by", to(USER, blank=True, null=True, related_name="+")),
                ("user", to(USER, related_name="emergency_accesses")),
            ],
            options={
                "indexes": [models.Index(fields=["-began_at", "-id"], name="emergency_access_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("began_at")),
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("area_path", ""), _negated=True),
                        ),
                        name="emergency_access_says_why_where_and_until_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at__isnull", True), ("was_justified__isnull", True)),
                            models.Q(("reviewed_at__isnull", False), ("was_justified__isnull", False)),
                            _connector="OR",
                        ),
                        name="emergency_access_is_reviewed_whole",
                    ),
                ],
            },
        ),
    ]
