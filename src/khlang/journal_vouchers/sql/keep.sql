-- What ties a voucher to its entity, its journal and its own rows, and what may never change.

ALTER TABLE journal_vouchers_voucher
  ADD CONSTRAINT journal_voucher_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),
  ADD CONSTRAINT journal_voucher_has_its_journal FOREIGN KEY (entity_id, journal_year, journal_no)
    REFERENCES ledger_journal (entity_id, fiscal_year, sequence_no),
  ADD CONSTRAINT journal_voucher_has_its_reversal FOREIGN KEY (entity_id, reversal_year, reversal_no)
    REFERENCES ledger_journal (entity_id, fiscal_year, sequence_no);
ALTER TABLE journal_vouchers_event
  ADD CONSTRAINT journal_voucher_event_of_voucher FOREIGN KEY (entity_id, voucher_id)
    REFERENCES journal_vouchers_voucher (entity_id, id);
ALTER TABLE journal_vouchers_attachment
  ADD CONSTRAINT journal_voucher_attachment_of_voucher FOREIGN KEY (entity_id, voucher_id)
    REFERENCES journal_vouchers_voucher (entity_id, id);

-- Nothing of a voucher is deleted, and its history is only ever added to (R9).
REVOKE DELETE, TRUNCATE ON journal_vouchers_voucher, journal_vouchers_attachment FROM khlang_app;
REVOKE UPDATE, DELETE, TRUNCATE ON journal_vouchers_event FROM khlang_app;

-- A posted or cancelled voucher stays as it was, for every role; only its reversal may be noted.
CREATE FUNCTION journal_vouchers_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.state, NEW.content, NEW.kind, NEW.voucher_date, NEW.total, NEW.journal_year, NEW.journal_no)
     IS DISTINCT FROM (OLD.state, OLD.content, OLD.kind, OLD.voucher_date, OLD.total, OLD.journal_year, OLD.journal_no) THEN
    RAISE EXCEPTION 'a % voucher is not changed', OLD.state USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER journal_vouchers_keep BEFORE UPDATE ON journal_vouchers_voucher
  FOR EACH ROW WHEN (OLD.state IN ('posted', 'cancelled')) EXECUTE FUNCTION journal_vouchers_keep();
