-- Extensions of carry-overs, and workbooks of the old system on their way: whose they are, and what is never rewritten.

ALTER TABLE budget_carry_extension
  ADD CONSTRAINT budget_extension_of_carry_over FOREIGN KEY (entity_id, carry_id) REFERENCES budget_carry_over (entity_id, id);
ALTER TABLE budget_moving_over
  ADD CONSTRAINT budget_moving_over_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT budget_moving_over_of_ordinance FOREIGN KEY (entity_id, ordinance_id) REFERENCES budget_ordinance (entity_id, id);

REVOKE UPDATE, DELETE, TRUNCATE ON budget_carry_extension FROM khlang_app;
REVOKE DELETE, TRUNCATE ON budget_moving_over FROM khlang_app;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON budget_carry_extension FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON budget_moving_over FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON budget_carry_extension FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON budget_moving_over FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change();
