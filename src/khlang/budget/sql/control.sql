-- Control of the budget: lines in force, what moved on them, what is held, what is left. The application role reads these
-- tables and calls budget_move(); it writes none of them. Every figure of a balance is a sum of movements, and every
-- movement names its document.

-- One call of budget_move(): who, when, on which document. The key is used once; the hash says what was asked under it.
CREATE TABLE budget_entry (
  entity_id       bigint      NOT NULL REFERENCES identity_entity (entity_id),
  fiscal_year     integer     NOT NULL CHECK (fiscal_year BETWEEN 2500 AND 2700),
  entry_no        integer     NOT NULL CHECK (entry_no > 0),
  act             text        NOT NULL,
  document_kind   text        NOT NULL CHECK (document_kind <> ''),
  document_id     uuid        NOT NULL,
  document_label  text        NOT NULL,
  moved_on        date        NOT NULL,
  moved_at        timestamptz NOT NULL,
  moved_by        bigint      NOT NULL,
  moved_by_name   text        NOT NULL,
  idempotency_key uuid        NOT NULL,
  content_hash    bytea       NOT NULL,
  PRIMARY KEY (entity_id, fiscal_year, entry_no),
  CONSTRAINT budget_entry_key_is_used_once UNIQUE (entity_id, idempotency_key)
);
CREATE INDEX budget_entry_by_document ON budget_entry (entity_id, document_id);

-- A control line: the level at which money is counted. Never edited; its explanation changes by versions.
CREATE TABLE budget_line (
  entity_id     bigint  NOT NULL,
  fiscal_year   integer NOT NULL,
  line_id       uuid    NOT NULL,
  entry_no      integer NOT NULL,
  code          text    NOT NULL CHECK (code ~ '^[0-9]{16,20}$'),
  enterprise    text    NOT NULL DEFAULT '',
  division      text    NOT NULL,
  work          text    NOT NULL REFERENCES reference_plan (code),
  budget_type   text    NOT NULL REFERENCES reference_budget_type (code),
  item          text    NOT NULL DEFAULT '',
  fund_source   text    NOT NULL REFERENCES reference_fund_source (code),
  is_project    boolean NOT NULL,
  control_level text    NOT NULL CHECK (control_level IN ('item', 'type')),
  nature        text    NOT NULL CHECK (nature IN ('recurrent', 'investment')),
  -- Names as they were when the line came into force: a plan may be called otherwise next year.
  work_name     text    NOT NULL,
  type_name     text    NOT NULL,
  search_key    text    NOT NULL,
  PRIMARY KEY (entity_id, fiscal_year, line_id),
  CONSTRAINT budget_line_code_is_unique UNIQUE (entity_id, fiscal_year, code),
  CONSTRAINT budget_line_is_unique UNIQUE (entity_id, fiscal_year, enterprise, division, work, budget_type, item, fund_source),
  CONSTRAINT budget_line_item_fits_its_control CHECK ((control_level = 'item') = (item <> '')),
  FOREIGN KEY (entity_id, fiscal_year, entry_no) REFERENCES budget_entry (entity_id, fiscal_year, entry_no),
  FOREIGN KEY (entity_id, division) REFERENCES budget_division (entity_id, division)
);

-- What a line may be spent on, in versions (R77, R113). The last one binds.
CREATE TABLE budget_explanation (
  entity_id   bigint  NOT NULL,
  fiscal_year integer NOT NULL,
  line_id     uuid    NOT NULL,
  version_no  integer NOT NULL CHECK (version_no > 0),
  entry_no    integer NOT NULL,
  content     jsonb   NOT NULL,
  PRIMARY KEY (entity_id, fiscal_year, line_id, version_no),
  FOREIGN KEY (entity_id, fiscal_year, line_id) REFERENCES budget_line (entity_id, fiscal_year, line_id),
  FOREIGN KEY (entity_id, fiscal_year, entry_no) REFERENCES budget_entry (entity_id, fiscal_year, entry_no)
);

-- Money on its way: what one document holds of one line. The next document in the chain takes from it, never more than is
-- open. The stage is the pot in which the open amount lies.
CREATE TABLE budget_hold (
  entity_id    bigint        NOT NULL,
  fiscal_year  integer       NOT NULL,
  hold_id      uuid          NOT NULL,
  line_id      uuid          NOT NULL,
  entry_no     integer       NOT NULL,
  stage        text          NOT NULL CHECK (stage IN ('reserved', 'obligated', 'requested', 'advanced', 'carried', 'paid')),
  amount       numeric(18,2) NOT NULL CHECK (amount > 0),
  open_amount  numeric(18,2) NOT NULL,
  from_hold_id uuid,
  PRIMARY KEY (entity_id, fiscal_year, hold_id),
  CONSTRAINT budget_hold_gives_no_more_than_it_holds CHECK (open_amount BETWEEN 0 AND amount),
  FOREIGN KEY (entity_id, fiscal_year, line_id) REFERENCES budget_line (entity_id, fiscal_year, line_id),
  FOREIGN KEY (entity_id, fiscal_year, entry_no) REFERENCES budget_entry (entity_id, fiscal_year, entry_no),
  FOREIGN KEY (entity_id, fiscal_year, from_hold_id) REFERENCES budget_hold (entity_id, fiscal_year, hold_id)
) WITH (fillfactor = 80);
CREATE INDEX budget_hold_by_line ON budget_hold (entity_id, fiscal_year, line_id);

-- What moved: an amount from one pot of a line into another. No pot means what is available.
CREATE TABLE budget_movement (
  entity_id    bigint        NOT NULL,
  fiscal_year  integer       NOT NULL,
  entry_no     integer       NOT NULL,
  move_no      integer       NOT NULL,
  line_id      uuid          NOT NULL,
  kind         text          NOT NULL CHECK (kind IN ('approve', 'withdraw', 'supplement', 'transfer_in', 'transfer_out', 'reserve',
                 'obligate', 'request', 'pay', 'advance', 'clear', 'refund', 'carry', 'release', 'cancel')),
  amount       numeric(18,2) NOT NULL CONSTRAINT budget_movement_is_positive CHECK (amount > 0),
  from_pot     text          NOT NULL,
  to_pot       text          NOT NULL,
  moved_on     date          NOT NULL,
  hold_id      uuid,
  from_hold_id uuid,
  PRIMARY KEY (entity_id, fiscal_year, entry_no, move_no),
  FOREIGN KEY (entity_id, fiscal_year, entry_no) REFERENCES budget_entry (entity_id, fiscal_year, entry_no),
  FOREIGN KEY (entity_id, fiscal_year, line_id) REFERENCES budget_line (entity_id, fiscal_year, line_id)
) PARTITION BY RANGE (fiscal_year);
CREATE INDEX budget_movement_by_line ON budget_movement (entity_id, fiscal_year, line_id, entry_no);

-- What is left (R118). Nobody writes `available`: it is computed, and the check makes overspending impossible.
CREATE TABLE budget_balance (
  entity_id       bigint        NOT NULL,
  fiscal_year     integer       NOT NULL,
  line_id         uuid          NOT NULL,
  approved        numeric(18,2) NOT NULL DEFAULT 0 CHECK (approved >= 0),
  transferred_in  numeric(18,2) NOT NULL DEFAULT 0 CHECK (transferred_in >= 0),
  transferred_out numeric(18,2) NOT NULL DEFAULT 0 CHECK (transferred_out >= 0),
  supplemented    numeric(18,2) NOT NULL DEFAULT 0 CHECK (supplemented >= 0),
  reserved        numeric(18,2) NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  obligated       numeric(18,2) NOT NULL DEFAULT 0 CHECK (obligated >= 0),
  requested       numeric(18,2) NOT NULL DEFAULT 0 CHECK (requested >= 0),
  advanced        numeric(18,2) NOT NULL DEFAULT 0 CHECK (advanced >= 0),
  carried         numeric(18,2) NOT NULL DEFAULT 0 CHECK (carried >= 0),
  paid            numeric(18,2) NOT NULL DEFAULT 0 CHECK (paid >= 0),
  refunded        numeric(18,2) NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  available       numeric(18,2) NOT NULL GENERATED ALWAYS AS (approved + transferred_in - transferred_out + supplemented
                    - reserved - obligated - requested - advanced - carried - paid + refunded) STORED,
  PRIMARY KEY (entity_id, fiscal_year, line_id),
  CONSTRAINT budget_is_never_overspent CHECK (available >= 0),
  CONSTRAINT budget_refunds_what_was_paid CHECK (refunded <= paid),
  FOREIGN KEY (entity_id, fiscal_year, line_id) REFERENCES budget_line (entity_id, fiscal_year, line_id)
) WITH (fillfactor = 60);

CREATE TABLE budget_movement_before_2564 PARTITION OF budget_movement FOR VALUES FROM (MINVALUE) TO (2564);
DO $$
BEGIN
  FOR y IN 2564..2575 LOOP
    EXECUTE format('CREATE TABLE budget_movement_%s PARTITION OF budget_movement FOR VALUES FROM (%s) TO (%s)', y, y, y + 1);
  END LOOP;
END $$;

-- Facts never change, for no role. Of a hold only the open amount moves; balances move only inside the function.
CREATE FUNCTION budget_only_the_open_amount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'open_amount') IS DISTINCT FROM (to_jsonb(OLD) - 'open_amount') THEN
    RAISE EXCEPTION 'ledger.immutable' USING ERRCODE = 'KL002',
      DETAIL = jsonb_build_array(jsonb_build_object('code', 'ledger.immutable', 'where', '',
        'facts', jsonb_build_object('table', TG_TABLE_NAME, 'operation', TG_OP)))::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_the_open_amount BEFORE UPDATE ON budget_hold FOR EACH ROW EXECUTE FUNCTION budget_only_the_open_amount();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['budget_entry', 'budget_line', 'budget_explanation', 'budget_movement'] LOOP
    EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['budget_hold', 'budget_balance'] LOOP
    EXECUTE format('CREATE TRIGGER kept BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
  FOR t IN SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND (c.relname IN ('budget_entry', 'budget_line',
             'budget_explanation', 'budget_hold', 'budget_balance') OR c.relname LIKE 'budget\_movement%') LOOP
    EXECUTE format('CREATE TRIGGER not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change()', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_entity ON %I USING (entity_id = current_setting(''khlang.entity_id'')::bigint)'
                   ' WITH CHECK (entity_id = current_setting(''khlang.entity_id'')::bigint)', t);
    EXECUTE format('REVOKE ALL ON %I FROM khlang_app', t);
    EXECUTE format('GRANT SELECT ON %I TO khlang_app', t);
  END LOOP;
END $$;
