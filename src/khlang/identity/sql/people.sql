-- What the application may not do to the tables of people, whatever its code says.

ALTER TABLE identity_membership
  ADD CONSTRAINT identity_membership_ends_after_it_began CHECK (ended_at IS NULL OR ended_at >= granted_at);

ALTER TABLE identity_staff
  ADD CONSTRAINT identity_staff_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT identity_staff_of_user FOREIGN KEY (user_id) REFERENCES identity_user (id);
ALTER TABLE identity_order
  ADD CONSTRAINT identity_order_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id);
ALTER TABLE identity_order_line
  ADD CONSTRAINT identity_order_line_of_order FOREIGN KEY (entity_id, order_id) REFERENCES identity_order (entity_id, order_id),
  ADD CONSTRAINT identity_order_line_of_user FOREIGN KEY (user_id) REFERENCES identity_user (id),
  ADD CONSTRAINT identity_order_line_of_reviewer FOREIGN KEY (reviewer_id) REFERENCES identity_user (id);
ALTER TABLE identity_exception_use
  ADD CONSTRAINT identity_exception_use_of_order FOREIGN KEY (entity_id, order_id) REFERENCES identity_order (entity_id, order_id);
ALTER TABLE identity_exception_review
  ADD CONSTRAINT identity_exception_review_of_use FOREIGN KEY (entity_id, use_id) REFERENCES identity_exception_use (entity_id, use_id);
ALTER TABLE identity_visit
  ADD CONSTRAINT identity_visit_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT identity_visit_of_user FOREIGN KEY (user_id) REFERENCES identity_user (id),
  ADD CONSTRAINT identity_visit_has_a_reason CHECK (btrim(reason) <> ''),
  ADD CONSTRAINT identity_visit_is_short CHECK (ends_at > started_at AND ends_at <= started_at + interval '12 hours');
ALTER TABLE identity_people_review
  ADD CONSTRAINT identity_people_review_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id);

-- Orders, exceptions used, reviews and visits are facts. Only an end may be added, once.
REVOKE UPDATE, DELETE ON identity_order, identity_order_line, identity_exception_use, identity_exception_review,
  identity_visit, identity_people_review FROM khlang_app;
REVOKE DELETE ON identity_staff, identity_membership FROM khlang_app;
REVOKE UPDATE ON identity_membership FROM khlang_app;
GRANT UPDATE (ended_at) ON identity_membership TO khlang_app;
GRANT UPDATE (ended_on, ended_reason) ON identity_order_line TO khlang_app;
GRANT UPDATE (ends_at) ON identity_visit TO khlang_app;

CREATE FUNCTION identity_only_an_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- An end that is set stays; everything else was never changed.
  IF (to_jsonb(OLD)->>TG_ARGV[0]) IS NOT NULL THEN
    RAISE EXCEPTION 'identity.already_ended' USING ERRCODE = 'KL003',
      DETAIL = jsonb_build_array(jsonb_build_object('code', 'identity.already_ended', 'where', '', 'facts', '{}'::jsonb))::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ends_once BEFORE UPDATE ON identity_membership FOR EACH ROW EXECUTE FUNCTION identity_only_an_end('ended_at');
CREATE TRIGGER ends_once BEFORE UPDATE ON identity_order_line FOR EACH ROW EXECUTE FUNCTION identity_only_an_end('ended_on');
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['identity_order', 'identity_exception_use', 'identity_exception_review', 'identity_people_review'] LOOP
    EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['identity_membership', 'identity_order_line', 'identity_visit', 'identity_staff'] LOOP
    EXECUTE format('CREATE TRIGGER kept BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['identity_order', 'identity_exception_use', 'identity_exception_review', 'identity_people_review',
                                 'identity_membership', 'identity_order_line', 'identity_visit', 'identity_staff'] LOOP
    EXECUTE format('CREATE TRIGGER not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change()', v_table);
  END LOOP;
END $$;
