-- Two hands on an import, whatever code is at work: who sent the file does not approve it for posting (R331), unless a
-- written exception to the rule was used for it. Run again after every change: each statement replaces its own.

CREATE OR REPLACE FUNCTION continuity_two_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.made_by <> OLD.made_by OR NEW.file_sha256 <> OLD.file_sha256 THEN
    RAISE EXCEPTION 'who sent a file, and what it holds, stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state IN ('posting', 'posted') AND OLD.state NOT IN ('posting', 'posted')
     OR NEW.posted_by IS DISTINCT FROM OLD.posted_by THEN
    -- Number 0 is the command line on the server itself: nobody of the office, named in the record.
    IF NEW.posted_by IS NULL OR NEW.posted_by = NEW.made_by AND NEW.posted_by <> 0 AND NOT EXISTS (
         SELECT FROM identity_exception_use u
          WHERE u.entity_id = NEW.entity_id AND u.document = 'import:' || NEW.id AND u.user_id = NEW.posted_by
            AND u.rule = 'R331' AND u.step = 'journal_approved') THEN
      RAISE EXCEPTION 'identity.same_person' USING ERRCODE = 'KL004', DETAIL = jsonb_build_array(jsonb_build_object(
        'code', 'identity.same_person', 'where', '', 'facts', jsonb_build_object(
          'rule', 'R331', 'first', 'journal_prepared', 'second', 'journal_approved', 'who', '-')))::text;
    END IF;
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS continuity_two_hands ON continuity_import;
CREATE TRIGGER continuity_two_hands BEFORE UPDATE ON continuity_import
  FOR EACH ROW EXECUTE FUNCTION continuity_two_hands();
