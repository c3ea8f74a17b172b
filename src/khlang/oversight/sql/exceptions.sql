-- What is said about exceptions is true, whatever code is at work (R333): a use rests on an order that covers the person, the
-- rule and the day; its reviewer is the one the order names; nobody reviews herself, and only who wears the duty reviews.
-- Run again after every change: each statement replaces its own.

CREATE OR REPLACE FUNCTION oversight_use_rests_on_an_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_day date := (NEW.used_at AT TIME ZONE 'Asia/Bangkok')::date;
BEGIN
  IF NOT EXISTS (
       SELECT FROM identity_order_line l
        WHERE l.entity_id = NEW.entity_id AND l.order_id = NEW.order_id AND l.user_id = NEW.user_id AND l.rule = NEW.rule
          AND l.reviewer_id = NEW.reviewer_id AND NEW.reviewer_id <> NEW.user_id
          AND v_day BETWEEN l.starts_on AND least(l.ends_on, l.ended_on)) THEN
    RAISE EXCEPTION 'identity.exception_unfounded' USING ERRCODE = 'KL004', DETAIL =
      jsonb_build_array(jsonb_build_object('code', 'identity.exception_unfounded', 'where', '', 'facts', '{}'::jsonb))::text;
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS rests_on_an_order ON identity_exception_use;
CREATE TRIGGER rests_on_an_order BEFORE INSERT ON identity_exception_use
  FOR EACH ROW EXECUTE FUNCTION oversight_use_rests_on_an_order();

CREATE OR REPLACE FUNCTION oversight_review_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_user bigint;
BEGIN
  SELECT u.user_id INTO v_user FROM identity_exception_use u WHERE u.entity_id = NEW.entity_id AND u.use_id = NEW.use_id;
  IF v_user = NEW.reviewed_by OR NEW.reviewed_by <> 0 AND NOT EXISTS (
       SELECT FROM jsonb_array_elements(identity_hats(NEW.entity_id, NEW.reviewed_by, clock_timestamp())) AS h
        WHERE h->>'hat' = 'compensating_reviewer') THEN
    RAISE EXCEPTION 'identity.own_exception' USING ERRCODE = 'KL004', DETAIL =
      jsonb_build_array(jsonb_build_object('code', 'identity.own_exception', 'where', '', 'facts', '{}'::jsonb))::text;
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS by_another ON identity_exception_review;
CREATE TRIGGER by_another BEFORE INSERT ON identity_exception_review
  FOR EACH ROW EXECUTE FUNCTION oversight_review_by_another();
