"""The tables of casework."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Actors, the log, returns and queries."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="Actor",
            fields=[
                ("handle", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("role", models.CharField(max_length=20)),
                ("force", models.CharField(blank=True, max_length=60)),
                ("event", models.BigIntegerField(unique=True)),
            ],
            options={
                "ordering": ("handle",),
            },
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.CharField(max_length=64)),
                ("at", models.CharField(max_length=40)),
                ("file", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="EventPayload",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("salt", models.CharField(max_length=32)),
                ("content", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Query",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("check_id", models.CharField(max_length=120)),
                ("force", models.CharField(db_index=True, max_length=60)),
                ("type", models.CharField(max_length=120)),
                ("first_month", models.IntegerField(null=True)),
                ("last_month", models.IntegerField(null=True)),
                ("severity", models.CharField(max_length=20)),
                ("subject", models.TextField(blank=True)),
                ("count", models.BigIntegerField()),
                ("rows_json", models.TextField()),
                ("rows_hash", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("owner", models.CharField(blank=True, max_length=40)),
                ("state", models.CharField(db_index=True, max_length=20)),
                ("raised_at", models.CharField(max_length=40)),
                ("found_at", models.CharField(max_length=40)),
                ("gone_at", models.CharField(blank=True, max_length=40)),
                ("settled_rows_hash", models.CharField(blank=True, max_length=64)),
                ("rows_event", models.BigIntegerField()),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("at", models.CharField(max_length=40)),
                ("actor", models.CharField(max_length=40)),
                ("kind", models.CharField(db_index=True, max_length=40)),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject_id", models.CharField(max_length=130)),
                ("payload_hash", models.CharField(max_length=64)),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ("seq",),
                "indexes": [models.Index(fields=["subject_kind", "subject_id"], name="event_subject")],
            },
        ),
        migrations.CreateModel(
            name="QueryAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("text", models.TextField(blank=True)),
                ("intake", models.CharField(blank=True, max_length=80)),
                ("by", models.CharField(max_length=40)),
                ("at", models.CharField(max_length=40)),
                ("rows_hash", models.CharField(max_length=64)),
                ("event", models.BigIntegerField(unique=True)),
                (
                    "query",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="casework.query",
                    ),
                ),
            ],
            options={
                "ordering": ("query", "event"),
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("collection", models.CharField(max_length=60)),
                ("force", models.CharField(max_length=60)),
                ("first_month", models.IntegerField()),
                ("last_month", models.IntegerField()),
                ("due", models.DateField()),
            ],
            options={
                "ordering": ("collection", "force"),
                "constraints": [models.UniqueConstraint(fields=("collection", "force"), name="one_return")],
            },
        ),
        migrations.AddField(
            model_name="query",
            name="of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="queries",
                to="casework.return",
            ),
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=40)),
                ("at", models.CharField(max_length=40)),
                ("receipts", models.IntegerField()),
                ("intakes", models.JSONField()),
                ("event", models.BigIntegerField(unique=True)),
                ("undone_by", models.CharField(blank=True, max_length=40)),
                ("undone_at", models.CharField(blank=True, max_length=40)),
                ("undone_reason", models.TextField(blank=True)),
                ("undone_event", models.BigIntegerField(null=True, unique=True)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_offs",
                        to="casework.return",
                    ),
                ),
            ],
            options={
                "ordering": ("of", "event"),
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("received", models.DateField()),
                ("by", models.CharField(max_length=40)),
                ("file", models.TextField(blank=True)),
                ("file_hash", models.CharField(max_length=64)),
                ("intakes", models.JSONField()),
                ("event", models.BigIntegerField(unique=True)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="casework.return",
                    ),
                ),
            ],
            options={
                "ordering": ("of", "number"),
                "constraints": [models.UniqueConstraint(fields=("of", "number"), name="receipt_number")],
            },
        ),
    )
