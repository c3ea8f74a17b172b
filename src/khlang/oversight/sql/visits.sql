-- A visit is what it says, whatever code is at work (R321): by an office above, to books of its own province, never longer
-- than it was, never changed but for an earlier end. Run again after every change: each statement replaces its own.

CREATE OR REPLACE FUNCTION oversight_visit_is_within_reach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.ends_at > OLD.ends_at OR (to_jsonb(NEW) - 'ends_at') <> (to_jsonb(OLD) - 'ends_at') THEN
      RAISE EXCEPTION 'a visit is not made longer or changed' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NOT EXISTS (
      SELECT FROM identity_entity home, identity_entity there
       WHERE home.entity_id = NEW.from_entity_id AND there.entity_id = NEW.entity_id
         AND there.level IN ('local_government', 'unit')
         AND (home.level = 'department' OR home.level = 'province' AND home.province_code = there.province_code)) THEN
    RAISE EXCEPTION 'a visit within reach comes from the department or the own province' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS within_reach ON identity_visit;
CREATE TRIGGER within_reach BEFORE INSERT OR UPDATE ON identity_visit
  FOR EACH ROW EXECUTE FUNCTION oversight_visit_is_within_reach();
