-- What ties changes to what they moved, extensions to what they extend, and what of both never changes. Run again after every
-- change: each statement replaces its own.

-- An approved change has the entry that moved its money, and no other (R99).
CREATE OR REPLACE FUNCTION budget_change_has_its_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM budget_entry e WHERE e.entity_id = NEW.entity_id AND e.fiscal_year = NEW.fiscal_year
                   AND e.entry_no = NEW.entry_no AND e.document_id = NEW.id AND e.document_kind = NEW.kind) THEN
    RAISE EXCEPTION 'budget.not_as_the_change_says' USING ERRCODE = 'KL003', DETAIL = jsonb_build_array(jsonb_build_object(
      'code', 'budget.not_as_the_change_says', 'where', '', 'facts', jsonb_build_object('document', NEW.id)))::text;
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS has_its_entry ON budget_change;
-- After the policy has spoken, so that a row of another entity is refused as such.
CREATE TRIGGER has_its_entry AFTER INSERT OR UPDATE ON budget_change FOR EACH ROW WHEN (NEW.entry_no IS NOT NULL)
  EXECUTE FUNCTION budget_change_has_its_entry();

-- Carried money goes on from its last day to a later one; investment that is not obligated once, by a year at most (R188, R195).
CREATE OR REPLACE FUNCTION budget_extension_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_carry budget_carry_over; v_end date; v_before int;
BEGIN
  SELECT * INTO v_carry FROM budget_carry_over c WHERE c.entity_id = NEW.entity_id AND c.id = NEW.carry_id;
  v_end := budget_carry_end(NEW.entity_id, NEW.carry_id);
  SELECT count(*) INTO v_before FROM budget_carry_extension x WHERE x.entity_id = NEW.entity_id AND x.carry_id = NEW.carry_id;
  IF v_carry.state IS DISTINCT FROM 'active' OR NEW.place <> v_before + 1 OR NEW.decided_on > v_end OR NEW.expires_on <= v_end
     OR v_carry.kind = 'unobligated_investment' AND (v_before > 0 OR NEW.expires_on > v_end + interval '1 year' OR NEW.approval_number = '') THEN
    RAISE EXCEPTION 'budget.carry_end_not_right' USING ERRCODE = 'KL003', DETAIL = jsonb_build_array(jsonb_build_object(
      'code', 'budget.carry_end_not_right', 'where', '', 'facts', jsonb_build_object('date', NEW.expires_on)))::text;
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS fits ON budget_carry_extension;
CREATE TRIGGER fits BEFORE INSERT ON budget_carry_extension FOR EACH ROW EXECUTE FUNCTION budget_extension_fits();

-- The workbook of an opened year stays as it was, and so do the bytes of any.
DROP TRIGGER IF EXISTS settled ON budget_moving_over;
CREATE TRIGGER settled AFTER UPDATE ON budget_moving_over FOR EACH ROW WHEN (OLD.ordinance_id IS NOT NULL OR
    (NEW.file_sha256, NEW.file_path, NEW.made_by) IS DISTINCT FROM (OLD.file_sha256, OLD.file_path, OLD.made_by))
  EXECUTE FUNCTION khlang_refuse_change();
