-- Two hands and a third person: the database repeats it. Only the end of a request may be added to it.

ALTER TABLE authentication_emergency
  ADD CONSTRAINT authentication_emergency_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT authentication_emergency_of_user FOREIGN KEY (user_id) REFERENCES identity_user (id),
  ADD CONSTRAINT authentication_emergency_is_of_three_people
    CHECK (user_id <> first_id AND user_id IS DISTINCT FROM second_id AND first_id IS DISTINCT FROM second_id),
  ADD CONSTRAINT authentication_emergency_has_a_reason CHECK (btrim(reason) <> ''),
  ADD CONSTRAINT authentication_emergency_is_used_with_both_halves CHECK (used_at IS NULL OR second_id IS NOT NULL),
  ADD CONSTRAINT authentication_emergency_is_short CHECK (expires_at <= asked_at + interval '2 hours');

REVOKE UPDATE, DELETE ON authentication_emergency FROM khlang_app;
GRANT UPDATE (second_id, second_name, second_half, seconded_at, expires_at, used_at, cancelled_at)
  ON authentication_emergency TO khlang_app;

CREATE FUNCTION authentication_emergency_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL
     OR (OLD.second_id IS NOT NULL AND (NEW.second_id, NEW.second_half, NEW.expires_at)
         IS DISTINCT FROM (OLD.second_id, OLD.second_half, OLD.expires_at)) THEN
    RAISE EXCEPTION 'authentication.emergency_over' USING ERRCODE = 'KL003',
      DETAIL = jsonb_build_array(jsonb_build_object('code', 'authentication.emergency_over', 'where', '', 'facts', '{}'::jsonb))::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER goes_on BEFORE UPDATE ON authentication_emergency
  FOR EACH ROW EXECUTE FUNCTION authentication_emergency_goes_on();
CREATE TRIGGER kept BEFORE DELETE ON authentication_emergency FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON authentication_emergency
  FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change();
