-- Requests to open a soft-closed period again: one hand asks, the other agrees, and both stay on the row (R331).

CREATE TABLE ledger_reopening (
  entity_id        bigint      NOT NULL,
  request_id       uuid        NOT NULL,
  fiscal_year      integer     NOT NULL,
  period           smallint    NOT NULL,
  reason           text        NOT NULL CHECK (btrim(reason) <> ''),
  state            text        NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'agreed', 'refused', 'withdrawn', 'lapsed')),
  asked_by         bigint      NOT NULL,
  asked_by_name    text        NOT NULL,
  asked_as         text        NOT NULL,
  asked_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  answered_by      bigint,
  answered_by_name text        NOT NULL DEFAULT '',
  answered_as      text        NOT NULL DEFAULT '',
  answered_at      timestamptz,
  note             text        NOT NULL DEFAULT '',
  PRIMARY KEY (entity_id, request_id),
  FOREIGN KEY (entity_id, fiscal_year, period) REFERENCES ledger_period (entity_id, fiscal_year, period),
  CONSTRAINT ledger_reopening_is_agreed_by_the_other_hand CHECK (state <> 'agreed' OR (
    answered_by <> asked_by AND answered_by IS NOT NULL
    AND (asked_as, answered_as) IN (('head_of_treasury', 'clerk'), ('clerk', 'head_of_treasury')))),
  CONSTRAINT ledger_reopening_answered_has_a_moment CHECK ((state = 'asked') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX ledger_reopening_asked_once ON ledger_reopening (entity_id, fiscal_year, period) WHERE state = 'asked';

CREATE FUNCTION ledger_reopening_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'asked' OR (NEW.request_id, NEW.fiscal_year, NEW.period, NEW.reason, NEW.asked_by, NEW.asked_by_name, NEW.asked_at)
     IS DISTINCT FROM (OLD.request_id, OLD.fiscal_year, OLD.period, OLD.reason, OLD.asked_by, OLD.asked_by_name, OLD.asked_at) THEN
    RAISE EXCEPTION 'ledger.immutable' USING ERRCODE = 'KL002', DETAIL = jsonb_build_array(jsonb_build_object(
      'code', 'ledger.immutable', 'where', '', 'facts', jsonb_build_object('table', TG_TABLE_NAME, 'operation', TG_OP)))::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER answered_once BEFORE UPDATE ON ledger_reopening FOR EACH ROW EXECUTE FUNCTION ledger_reopening_keep();
CREATE TRIGGER kept BEFORE DELETE ON ledger_reopening FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON ledger_reopening FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change();
REVOKE ALL ON ledger_reopening FROM khlang_app;
GRANT SELECT ON ledger_reopening TO khlang_app;
REVOKE ALL ON FUNCTION ledger_reopening_keep() FROM PUBLIC;
