"""What the assistant learnt: versions of models, changes of what is in use, trainings, weeks and alarms of drift."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0020_phone_bounds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LearningWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[("type", "Request type"), ("matter", "Matter"), ("department", "Unit")], max_length=12
                    ),
                ),
                ("monday", models.DateField()),
                ("cases", models.PositiveIntegerField()),
                ("counts", models.JSONField()),
            ],
            options={
                "verbose_name": "week of suggestions",
                "verbose_name_plural": "weeks of suggestions",
                "constraints": [models.UniqueConstraint(fields=("name", "monday"), name="one_row_per_learning_week")],
            },
        ),
        migrations.CreateModel(
            name="ModelVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[("type", "Request type"), ("matter", "Matter"), ("department", "Unit")],
                        max_length=12,
                        verbose_name="model",
                    ),
                ),
                ("version", models.CharField(max_length=80, verbose_name="version")),
                ("trained_at", models.DateTimeField(verbose_name="trained at")),
                ("cut", models.DateTimeField(verbose_name="taught by what was decided until")),
                ("rows", models.PositiveIntegerField(verbose_name="tickets")),
                ("labels", models.JSONField(default=dict, verbose_name="tickets of each label")),
                ("figures", models.JSONField(default=dict, verbose_name="figures")),
                ("discarded", models.BooleanField(default=False, verbose_name="files deleted")),
            ],
            options={
                "verbose_name": "model version",
                "verbose_name_plural": "model versions",
                "ordering": ["-trained_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("name", "version"), name="one_row_per_model_version")],
            },
        ),
        migrations.CreateModel(
            name="DriftAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[("type", "Request type"), ("matter", "Matter"), ("department", "Unit")],
                        max_length=12,
                        verbose_name="model",
                    ),
                ),
                (
                    "sign",
                    models.CharField(
                        choices=[
                            ("acceptance", "Suggestions accepted"),
                            ("confidence", "Confidence of suggestions"),
                            ("unknown", "Words never seen in training"),
                            ("mix", "What requests are about"),
                        ],
                        max_length=12,
                        verbose_name="sign",
                    ),
                ),
                ("monday", models.DateField(verbose_name="week")),
                ("found", models.JSONField(verbose_name="figures")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "seen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "drift alarm",
                "verbose_name_plural": "drift alarms",
                "ordering": ["-monday", "name", "sign"],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "sign", "monday"), name="one_drift_alarm_a_week")
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[("type", "Request type"), ("matter", "Matter"), ("department", "Unit")],
                        max_length=12,
                        verbose_name="model",
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("promoted", "Taken into use"),
                            ("rolled_back", "Rolled back"),
                            ("pinned", "Pinned"),
                            ("set_free", "Set free"),
                        ],
                        max_length=12,
                        verbose_name="what was done",
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=80, verbose_name="version before")),
                ("version", models.CharField(blank=True, max_length=80, verbose_name="version")),
                ("why", models.CharField(max_length=300, verbose_name="why")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of model",
                "verbose_name_plural": "changes of model",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["name", "-at"], name="model_changes")],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "model",
                    models.CharField(
                        blank=True,
                        choices=[("type", "Request type"), ("matter", "Matter"), ("department", "Unit")],
                        max_length=12,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reading", "Reading what people decided"),
                            ("training", "Training"),
                            ("comparing", "Comparing with the version in use"),
                        ],
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("steps", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("results", models.JSONField(default=list)),
                ("error", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "training",
                "verbose_name_plural": "trainings",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("state",), name="one_training_waits_at_a_time"
                    )
                ],
            },
        ),
    ]
