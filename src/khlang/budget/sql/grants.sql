-- Grants outside the ordinance (R199-R206): tied to their entity, their lines and their papers; what never changes of them.
-- Their lines are budget lines like any other and move by budget_move() alone: these functions only tell it which days bind.

ALTER TABLE budget_grant
  ADD CONSTRAINT budget_grant_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT budget_grant_of_kind FOREIGN KEY (kind) REFERENCES reference_grant_kind (code),
  ADD CONSTRAINT budget_grant_of_source FOREIGN KEY (fund_source) REFERENCES reference_fund_source (code),
  ADD CONSTRAINT budget_grant_of_its_entry FOREIGN KEY (entity_id, fiscal_year, entry_no)
    REFERENCES budget_entry (entity_id, fiscal_year, entry_no),
  ADD CONSTRAINT budget_grant_is_known_by_source UNIQUE (entity_id, id, fund_source);
ALTER TABLE budget_grant_clock
  ADD CONSTRAINT budget_grant_clock_of_grant FOREIGN KEY (entity_id, grant_id) REFERENCES budget_grant (entity_id, id);
ALTER TABLE budget_grant_money
  ADD CONSTRAINT budget_grant_money_of_grant FOREIGN KEY (entity_id, grant_id) REFERENCES budget_grant (entity_id, id);
-- A line belongs to the ordinance or to one grant; the same item may be given by two letters.
ALTER TABLE budget_line ADD COLUMN grant_id uuid,
  ADD CONSTRAINT budget_line_of_grant FOREIGN KEY (entity_id, grant_id, fund_source) REFERENCES budget_grant (entity_id, id, fund_source),
  DROP CONSTRAINT budget_line_is_unique,
  ADD CONSTRAINT budget_line_is_unique UNIQUE NULLS NOT DISTINCT
    (entity_id, fiscal_year, enterprise, division, work, budget_type, item, fund_source, grant_id);
CREATE INDEX budget_line_by_grant ON budget_line (entity_id, grant_id) WHERE grant_id IS NOT NULL;

REVOKE DELETE, TRUNCATE ON budget_grant FROM khlang_app;
REVOKE UPDATE, DELETE, TRUNCATE ON budget_grant_clock, budget_grant_money FROM khlang_app;
CREATE TRIGGER settled AFTER UPDATE ON budget_grant FOR EACH ROW
  -- Of a grant that was opened only the closing is still to come.
  WHEN (OLD.state <> 'draft' AND NOT (OLD.state = 'open' AND NEW.state IN ('open', 'closed')
        AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state'))
  EXECUTE FUNCTION budget_keep();
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['budget_grant_clock', 'budget_grant_money'] LOOP
    EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
  CREATE TRIGGER kept BEFORE DELETE ON budget_grant FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change();
  FOREACH t IN ARRAY ARRAY['budget_grant', 'budget_grant_clock', 'budget_grant_money'] LOOP
    EXECUTE format('CREATE TRIGGER not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
END $$;
