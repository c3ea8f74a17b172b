-- What ties budget documents to their entity, to one another and to what is in force, and what may never change.

ALTER TABLE budget_division ADD CONSTRAINT budget_division_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT budget_division_is_named CHECK (division <> '' AND name_th <> '');
ALTER TABLE budget_enterprise ADD CONSTRAINT budget_enterprise_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT budget_enterprise_is_named CHECK (enterprise <> '' AND name_th <> '');
ALTER TABLE budget_division_member
  ADD CONSTRAINT budget_member_of_division FOREIGN KEY (entity_id, division) REFERENCES budget_division (entity_id, division),
  ADD CONSTRAINT budget_member_is_a_user FOREIGN KEY (user_id) REFERENCES identity_user (id);
ALTER TABLE budget_ordinance
  ADD CONSTRAINT budget_ordinance_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT budget_ordinance_of_its_entry FOREIGN KEY (entity_id, fiscal_year, entry_no)
    REFERENCES budget_entry (entity_id, fiscal_year, entry_no);
ALTER TABLE budget_ordinance_step
  ADD CONSTRAINT budget_step_of_ordinance FOREIGN KEY (entity_id, ordinance_id) REFERENCES budget_ordinance (entity_id, id);
ALTER TABLE budget_draft_line
  ADD CONSTRAINT budget_draft_line_of_ordinance FOREIGN KEY (entity_id, ordinance_id) REFERENCES budget_ordinance (entity_id, id),
  ADD CONSTRAINT budget_draft_line_of_division FOREIGN KEY (entity_id, division) REFERENCES budget_division (entity_id, division),
  ADD CONSTRAINT budget_draft_line_of_work FOREIGN KEY (work) REFERENCES reference_plan (code),
  ADD CONSTRAINT budget_draft_line_of_type FOREIGN KEY (budget_type) REFERENCES reference_budget_type (code),
  ADD CONSTRAINT budget_draft_line_of_source FOREIGN KEY (fund_source) REFERENCES reference_fund_source (code);
-- One item stands once in an ordinance; what was removed does not count.
CREATE UNIQUE INDEX budget_draft_line_is_unique ON budget_draft_line
  (entity_id, ordinance_id, enterprise, division, work, budget_type, item, fund_source) WHERE NOT is_removed;
ALTER TABLE budget_revenue_estimate
  ADD CONSTRAINT budget_estimate_of_ordinance FOREIGN KEY (entity_id, ordinance_id) REFERENCES budget_ordinance (entity_id, id),
  ADD CONSTRAINT budget_estimate_of_type FOREIGN KEY (budget_type) REFERENCES reference_budget_type (code);
ALTER TABLE budget_change
  ADD CONSTRAINT budget_change_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT budget_change_of_its_entry FOREIGN KEY (entity_id, fiscal_year, entry_no)
    REFERENCES budget_entry (entity_id, fiscal_year, entry_no);
ALTER TABLE budget_commitment
  ADD CONSTRAINT budget_commitment_of_line FOREIGN KEY (entity_id, line_year, line_id)
    REFERENCES budget_line (entity_id, fiscal_year, line_id);
ALTER TABLE budget_carry_over
  ADD CONSTRAINT budget_carry_over_of_line FOREIGN KEY (entity_id, fiscal_year, line_id)
    REFERENCES budget_line (entity_id, fiscal_year, line_id),
  ADD CONSTRAINT budget_carry_over_of_its_entry FOREIGN KEY (entity_id, fiscal_year, entry_no)
    REFERENCES budget_entry (entity_id, fiscal_year, entry_no);
ALTER TABLE budget_plan_share
  ADD CONSTRAINT budget_plan_share_of_line FOREIGN KEY (entity_id, fiscal_year, line_id)
    REFERENCES budget_line (entity_id, fiscal_year, line_id);

-- Nothing of a budget document is deleted; steps and commitments are only ever added to (R9).
REVOKE DELETE, TRUNCATE ON budget_division, budget_division_member, budget_enterprise, budget_ordinance, budget_draft_line,
  budget_revenue_estimate, budget_change, budget_carry_over, budget_plan_share FROM khlang_app;
REVOKE UPDATE, DELETE, TRUNCATE ON budget_ordinance_step, budget_commitment FROM khlang_app;

CREATE FUNCTION budget_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'budget.document_is_settled' USING ERRCODE = 'KL003', DETAIL = jsonb_build_array(jsonb_build_object(
    'code', 'budget.document_is_settled', 'where', '', 'facts', jsonb_build_object('state', OLD.state)))::text;
END $$;
-- An ordinance in force stays as it was, for every role; a provisional one may be marked as replaced.
CREATE TRIGGER settled AFTER UPDATE ON budget_ordinance FOR EACH ROW
  WHEN (OLD.state IN ('in_force', 'replaced', 'lapsed') AND NOT (OLD.kind = 'provisional' AND OLD.state = 'in_force' AND NEW.state = 'replaced'
        AND NEW.entry_no = OLD.entry_no))
  EXECUTE FUNCTION budget_keep();
-- Of an approved change only its announcement and its notice are still to come.
CREATE TRIGGER settled AFTER UPDATE ON budget_change FOR EACH ROW
  WHEN (OLD.state IN ('approved', 'announced', 'reported', 'refused', 'cancelled') AND
        (NEW.content, NEW.number, NEW.route, NEW.entry_no, NEW.fiscal_year, NEW.kind, NEW.resolution_number)
        IS DISTINCT FROM (OLD.content, OLD.number, OLD.route, OLD.entry_no, OLD.fiscal_year, OLD.kind, OLD.resolution_number))
  EXECUTE FUNCTION budget_keep();
CREATE TRIGGER settled AFTER UPDATE ON budget_carry_over FOR EACH ROW WHEN (OLD.state <> 'proposed') EXECUTE FUNCTION budget_keep();

-- Lines and estimates of an ordinance are written while it is being drafted or amended, and never afterwards.
CREATE FUNCTION budget_draft_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_state text;
BEGIN
  SELECT o.state INTO v_state FROM budget_ordinance o WHERE o.entity_id = NEW.entity_id AND o.id = NEW.ordinance_id;
  IF v_state NOT IN ('preparing', 'consolidated', 'committee') THEN
    RAISE EXCEPTION 'budget.document_is_settled' USING ERRCODE = 'KL003', DETAIL = jsonb_build_array(jsonb_build_object(
      'code', 'budget.document_is_settled', 'where', '', 'facts', jsonb_build_object('state', v_state)))::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ordinance_is_open BEFORE INSERT OR UPDATE ON budget_draft_line FOR EACH ROW EXECUTE FUNCTION budget_draft_is_open();
CREATE TRIGGER ordinance_is_open BEFORE INSERT OR UPDATE ON budget_revenue_estimate FOR EACH ROW EXECUTE FUNCTION budget_draft_is_open();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['budget_ordinance_step', 'budget_commitment'] LOOP
    EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['budget_ordinance', 'budget_draft_line', 'budget_change', 'budget_carry_over'] LOOP
    EXECUTE format('CREATE TRIGGER kept BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['budget_division', 'budget_division_member', 'budget_enterprise', 'budget_ordinance', 'budget_ordinance_step',
      'budget_draft_line', 'budget_revenue_estimate', 'budget_change', 'budget_commitment', 'budget_carry_over', 'budget_plan_share'] LOOP
    EXECUTE format('CREATE TRIGGER not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
END $$;
