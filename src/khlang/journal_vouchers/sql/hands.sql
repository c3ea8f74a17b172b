-- Two hands on a voucher, whatever code is at work (R331). Run again after every change: each statement replaces its own.
-- Who posted is read from the journal itself; an exception to the rule must lie there already, with its order.

CREATE OR REPLACE FUNCTION journal_vouchers_two_hands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_poster bigint;
BEGIN
  IF NOT NEW.prepared_by @> to_jsonb(NEW.made_by) OR TG_OP = 'UPDATE' AND NOT NEW.prepared_by @> OLD.prepared_by
     OR TG_OP = 'UPDATE' AND NEW.made_by <> OLD.made_by THEN
    RAISE EXCEPTION 'whoever prepared a voucher stays on it' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'posted' AND (TG_OP = 'INSERT' OR OLD.state <> 'posted') THEN
    SELECT j.posted_by INTO v_poster FROM ledger_journal j
     WHERE j.entity_id = NEW.entity_id AND j.fiscal_year = NEW.journal_year AND j.sequence_no = NEW.journal_no;
    -- Number 0 is the command line on the server itself: nobody of the office, named in the record.
    IF v_poster <> 0 AND NEW.prepared_by @> to_jsonb(v_poster) AND NOT EXISTS (
         SELECT FROM identity_exception_use u
          WHERE u.entity_id = NEW.entity_id AND u.document = 'voucher:' || NEW.id AND u.user_id = v_poster
            AND u.rule = 'R331' AND u.step = 'journal_approved') THEN
      RAISE EXCEPTION 'identity.same_person' USING ERRCODE = 'KL004', DETAIL = jsonb_build_array(jsonb_build_object(
        'code', 'identity.same_person', 'where', '', 'facts', jsonb_build_object(
          'rule', 'R331', 'first', 'journal_prepared', 'second', 'journal_approved', 'who', '-')))::text;
    END IF;
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS journal_vouchers_two_hands ON journal_vouchers_voucher;
CREATE TRIGGER journal_vouchers_two_hands BEFORE INSERT OR UPDATE ON journal_vouchers_voucher
  FOR EACH ROW EXECUTE FUNCTION journal_vouchers_two_hands();
