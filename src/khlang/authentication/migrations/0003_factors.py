"""Risk: none; a new table, and a check that allows one word more."""

from typing import ClassVar

from django.db import migrations, models

OUTCOMES = """
ALTER TABLE authentication_attempt DROP CONSTRAINT authentication_attempt_outcome_is_known,
  ADD CONSTRAINT authentication_attempt_outcome_is_known
    CHECK (outcome IN ('tried', 'passed', 'succeeded', 'refused', 'ended', 'changed'));
ALTER TABLE authentication_code_step
  ADD CONSTRAINT authentication_code_step_of_app FOREIGN KEY (authenticator_id)
    REFERENCES mfa_authenticator (id) ON DELETE CASCADE;
"""


class Migration(migrations.Migration):
    """Codes of authenticator apps count once."""

    dependencies: ClassVar = [("authentication", "0002_thaid"), ("mfa", "0003_authenticator_type_uniq")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="CodeStep",
            fields=[
                ("authenticator_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("step", models.BigIntegerField()),
            ],
            options={"db_table": "authentication_code_step"},
        ),
        migrations.RunSQL(OUTCOMES, migrations.RunSQL.noop),
    ]
