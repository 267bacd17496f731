import apaise.intake.cases.findable
import django.db.models.deletion
from django.db import migrations, models

# Tokens are cut by us: the tokeniser only has to leave them whole, signs and other scripts included.
SQLITE = [
    """CREATE VIRTUAL TABLE cases_words USING fts5(words, content='cases_findable', content_rowid='case_id',
        detail=none, columnsize=0, prefix='4 5 6', tokenize="ascii tokenchars '=:!'")""",
    """CREATE TRIGGER cases_words_made AFTER INSERT ON cases_findable BEGIN
        INSERT INTO cases_words(rowid, words) VALUES (new.case_id, new.words);
    END""",
    """CREATE TRIGGER cases_words_gone AFTER DELETE ON cases_findable BEGIN
        INSERT INTO cases_words(cases_words, rowid, words) VALUES ('delete', old.case_id, old.words);
    END""",
    # Words were added at the end: only they go into the index.
    """CREATE TRIGGER cases_words_more AFTER UPDATE OF words ON cases_findable
    WHEN substr(new.words, 1, length(old.words) + 1) = old.words || ' ' BEGIN
        INSERT INTO cases_words(rowid, words) VALUES (new.case_id, substr(new.words, length(old.words) + 2));
    END""",
    """CREATE TRIGGER cases_words_anew AFTER UPDATE OF words ON cases_findable
    WHEN new.words <> old.words AND substr(new.words, 1, length(old.words) + 1) <> old.words || ' ' BEGIN
        INSERT INTO cases_words(cases_words, rowid, words) VALUES ('delete', old.case_id, old.words);
        INSERT INTO cases_words(rowid, words) VALUES (new.case_id, new.words);
    END""",
]
# New words wait in a short list and enter the index many at once: some hundred places each time would slow every mail.
# Every search reads the list too, so it stays short (kB).
POSTGRESQL = ["CREATE INDEX cases_findable_words ON cases_findable USING gin (words) WITH (gin_pending_list_limit = 512)"]


def make_index(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for trigger in ("made", "gone", "more", "anew"):
            schema_editor.execute(f"DROP TRIGGER cases_words_{trigger}")
        schema_editor.execute("DROP TABLE cases_words")


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_list_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Findable',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='cases.case')),
                ('words', apaise.intake.cases.findable.Tokens()),
            ],
            options={'default_permissions': []},
        ),
        migrations.RunPython(make_index, drop_index),
    ]
