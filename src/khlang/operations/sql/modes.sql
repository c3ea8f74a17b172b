-- The mode of the whole system, as a history that only grows: one row sets a mode from a moment on, or calls a planned one off.
-- National: it belongs to no entity. It is written inside a transaction of the department, in whose record the act stands.

CREATE TABLE operations_mode (
  number       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key          uuid        NOT NULL CONSTRAINT operations_mode_is_set_once UNIQUE,
  mode         text        NOT NULL,
  starts_at    timestamptz NOT NULL,
  expected_end timestamptz,
  words_th     text        NOT NULL,
  words_en     text        NOT NULL,
  reason       text        NOT NULL,
  calls_off    bigint      CONSTRAINT operations_mode_is_called_off_once UNIQUE REFERENCES operations_mode (number),
  set_by       bigint      NOT NULL,
  set_by_name  text        NOT NULL,
  set_at       timestamptz NOT NULL,
  CONSTRAINT operations_mode_is_known CHECK (mode IN ('normal', 'read_only', 'identity_only', 'maintenance')),
  CONSTRAINT operations_mode_has_a_reason CHECK (btrim(reason) <> ''),
  CONSTRAINT operations_mode_never_began_before_it_was_set CHECK (starts_at >= set_at),
  CONSTRAINT operations_mode_ends_after_it_began CHECK (expected_end > starts_at),
  CONSTRAINT operations_mode_says_until_when CHECK (mode = 'normal' OR expected_end IS NOT NULL)
);
CREATE INDEX operations_mode_by_start ON operations_mode (starts_at, number);

CREATE FUNCTION operations_by_the_department() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM identity_entity e WHERE e.level = 'department'
                   AND e.entity_id = nullif(current_setting('khlang.entity_id', true), '')::bigint) THEN
    RAISE EXCEPTION 'operations.not_the_department' USING ERRCODE = 'KL001',
      DETAIL = jsonb_build_array(jsonb_build_object('code', 'operations.not_the_department', 'where', '', 'facts', '{}'::jsonb))::text;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER by_the_department BEFORE INSERT ON operations_mode FOR EACH ROW EXECUTE FUNCTION operations_by_the_department();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON operations_mode FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON operations_mode FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change();
REVOKE ALL ON operations_mode FROM khlang_app;
GRANT SELECT, INSERT ON operations_mode TO khlang_app;
