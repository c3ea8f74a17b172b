-- The ledger: posted facts only. The application role reads these tables and calls the functions; it writes none of them.
-- entity_id leads every key, so one laptop, one cluster and a distributed one run the same schema.

CREATE TABLE ledger_fiscal_year (
  entity_id   bigint      NOT NULL REFERENCES identity_entity (entity_id),
  fiscal_year integer     NOT NULL CHECK (fiscal_year BETWEEN 2500 AND 2700),
  chart       text        NOT NULL,
  opened_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (entity_id, fiscal_year)
);

-- Period 0 holds opening balances, 1-12 are October to September, 13 is for closing and adjusting.
CREATE TABLE ledger_period (
  entity_id   bigint   NOT NULL,
  fiscal_year integer  NOT NULL,
  period      smallint NOT NULL CHECK (period BETWEEN 0 AND 13),
  state       text     NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'soft_closed', 'closed')),
  PRIMARY KEY (entity_id, fiscal_year, period),
  FOREIGN KEY (entity_id, fiscal_year) REFERENCES ledger_fiscal_year (entity_id, fiscal_year)
);

CREATE TABLE ledger_period_change (
  entity_id    bigint      NOT NULL,
  change_no    integer     NOT NULL,
  fiscal_year  integer     NOT NULL,
  period       smallint    NOT NULL,
  state_before text        NOT NULL,
  state_after  text        NOT NULL,
  reason       text        NOT NULL,
  changed_at   timestamptz NOT NULL,
  changed_by   bigint      NOT NULL,
  changed_by_name text     NOT NULL,
  PRIMARY KEY (entity_id, change_no)
);

-- An entity's own leaves under a national account: bank accounts, funds, grants. "1101030102-01" in words.
CREATE TABLE ledger_sub_account (
  entity_id    bigint  NOT NULL REFERENCES identity_entity (entity_id),
  account_code text    NOT NULL REFERENCES reference_account (code),
  sub_account  text    NOT NULL CHECK (sub_account ~ '^[0-9]{2,4}$'),
  name_th      text    NOT NULL CHECK (name_th <> ''),
  is_open      boolean NOT NULL DEFAULT true,
  PRIMARY KEY (entity_id, account_code, sub_account)
);

-- The one tenant lock, and the end of the hash chain.
CREATE TABLE ledger_chain_head (
  entity_id   bigint PRIMARY KEY REFERENCES identity_entity (entity_id),
  sequence_no bigint NOT NULL DEFAULT 0,
  hash        bytea  NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
) WITH (fillfactor = 40);

CREATE TABLE ledger_series (
  entity_id   bigint  NOT NULL,
  fiscal_year integer NOT NULL,
  series      text    NOT NULL,
  last_number integer NOT NULL DEFAULT 0,
  PRIMARY KEY (entity_id, fiscal_year, series)
) WITH (fillfactor = 40);

-- A file or a run that posts many journals; its journals carry its number and can be undone together.
CREATE TABLE ledger_batch (
  entity_id   bigint      NOT NULL REFERENCES identity_entity (entity_id),
  batch_id    uuid        NOT NULL,
  kind        text        NOT NULL,
  title       text        NOT NULL,
  content     bytea       NOT NULL,
  state       text        NOT NULL DEFAULT 'posting' CHECK (state IN ('posting', 'posted', 'reversed')),
  journals    integer     NOT NULL DEFAULT 0,
  opened_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  opened_by   bigint      NOT NULL,
  PRIMARY KEY (entity_id, batch_id)
);

CREATE TABLE ledger_journal (
  entity_id       bigint      NOT NULL,
  fiscal_year     integer     NOT NULL,
  sequence_no     bigint      NOT NULL,
  series          text        NOT NULL,
  number          integer     NOT NULL,
  kind            text        NOT NULL REFERENCES reference_journal_kind (code),
  period          smallint    NOT NULL,
  journal_date    date        NOT NULL,
  description     text        NOT NULL,
  source_area     text        NOT NULL DEFAULT '',
  source_id       uuid,
  batch_id        uuid,
  reverses_year   integer,
  reverses_no     bigint,
  posted_at       timestamptz NOT NULL,
  posted_by       bigint      NOT NULL,
  posted_by_name  text        NOT NULL,
  idempotency_key uuid        NOT NULL,
  previous_hash   bytea       NOT NULL,
  hash            bytea       NOT NULL,
  PRIMARY KEY (entity_id, fiscal_year, sequence_no),
  CONSTRAINT ledger_journal_number_is_unique UNIQUE (entity_id, fiscal_year, series, number),
  CONSTRAINT ledger_journal_description_is_printable CHECK (description <> '' AND description !~ '[[:cntrl:]]'),
  FOREIGN KEY (entity_id, fiscal_year, period) REFERENCES ledger_period (entity_id, fiscal_year, period)
) PARTITION BY RANGE (fiscal_year);
CREATE INDEX ledger_journal_by_date ON ledger_journal (entity_id, fiscal_year, journal_date, sequence_no);
CREATE INDEX ledger_journal_by_source ON ledger_journal (entity_id, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX ledger_journal_by_batch ON ledger_journal (entity_id, batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE ledger_journal_line (
  entity_id    bigint        NOT NULL,
  fiscal_year  integer       NOT NULL,
  sequence_no  bigint        NOT NULL,
  line_no      integer       NOT NULL,
  period       smallint      NOT NULL,
  journal_date date          NOT NULL,
  account_code text          NOT NULL REFERENCES reference_account (code),
  sub_account  text          NOT NULL DEFAULT '',
  fund_source  text          NOT NULL REFERENCES reference_fund_source (code),
  budget_type  text          REFERENCES reference_budget_type (code),
  debit        numeric(18,2) NOT NULL,
  credit       numeric(18,2) NOT NULL,
  description  text          NOT NULL DEFAULT '',
  PRIMARY KEY (entity_id, fiscal_year, sequence_no, line_no),
  CONSTRAINT ledger_line_has_one_positive_side CHECK ((debit > 0 AND credit = 0) OR (credit > 0 AND debit = 0)),
  CONSTRAINT ledger_line_description_is_printable CHECK (description !~ '[[:cntrl:]]')
) PARTITION BY RANGE (fiscal_year);
CREATE INDEX ledger_line_by_account ON ledger_journal_line
  (entity_id, fiscal_year, account_code, sub_account, journal_date, sequence_no);

CREATE TABLE ledger_account_balance (
  entity_id    bigint        NOT NULL,
  fiscal_year  integer       NOT NULL,
  period       smallint      NOT NULL,
  account_code text          NOT NULL,
  sub_account  text          NOT NULL,
  fund_source  text          NOT NULL,
  debit        numeric(18,2) NOT NULL,
  credit       numeric(18,2) NOT NULL,
  PRIMARY KEY (entity_id, fiscal_year, period, account_code, sub_account, fund_source)
) WITH (fillfactor = 60);

-- A journal is reversed at most once: the key says so.
CREATE TABLE ledger_reversal (
  entity_id     bigint  NOT NULL,
  fiscal_year   integer NOT NULL,
  sequence_no   bigint  NOT NULL,
  reversal_year integer NOT NULL,
  reversal_no   bigint  NOT NULL,
  PRIMARY KEY (entity_id, fiscal_year, sequence_no),
  FOREIGN KEY (entity_id, fiscal_year, sequence_no) REFERENCES ledger_journal (entity_id, fiscal_year, sequence_no)
);

CREATE TABLE ledger_idempotency (
  entity_id       bigint  NOT NULL,
  idempotency_key uuid    NOT NULL,
  fiscal_year     integer NOT NULL,
  sequence_no     bigint  NOT NULL,
  content_hash    bytea   NOT NULL,
  PRIMARY KEY (entity_id, idempotency_key)
);

-- The budget column of the receipts and payments report, until the budget area keeps appropriations itself.
CREATE TABLE ledger_estimate (
  entity_id    bigint        NOT NULL REFERENCES identity_entity (entity_id),
  fiscal_year  integer       NOT NULL,
  account_code text          NOT NULL REFERENCES reference_account (code),
  sub_account  text          NOT NULL DEFAULT '',
  amount       numeric(18,2) NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (entity_id, fiscal_year, account_code, sub_account)
);

-- Years before 2564 share a partition; a yearly migration adds later ones.
CREATE TABLE ledger_journal_before_2564 PARTITION OF ledger_journal FOR VALUES FROM (MINVALUE) TO (2564);
CREATE TABLE ledger_journal_line_before_2564 PARTITION OF ledger_journal_line FOR VALUES FROM (MINVALUE) TO (2564);
DO $$
BEGIN
  FOR y IN 2564..2575 LOOP
    EXECUTE format('CREATE TABLE ledger_journal_%s PARTITION OF ledger_journal FOR VALUES FROM (%s) TO (%s)', y, y, y + 1);
    EXECUTE format('CREATE TABLE ledger_journal_line_%s PARTITION OF ledger_journal_line FOR VALUES FROM (%s) TO (%s)', y, y, y + 1);
  END LOOP;
  -- A line belongs to a journal of its own year. Said year by year: against the whole, each check would look through
  -- every partition, a third of the time that a posting takes.
  FOR y IN 2563..2575 LOOP
    EXECUTE format('ALTER TABLE ledger_journal_line_%1$s ADD CONSTRAINT ledger_line_of_journal FOREIGN KEY'
      ' (entity_id, fiscal_year, sequence_no) REFERENCES ledger_journal_%1$s (entity_id, fiscal_year, sequence_no)',
      CASE WHEN y = 2563 THEN 'before_2564' ELSE y::text END);
  END LOOP;
END $$;

-- Posted facts never change, for no role. Balances, series and heads move only inside the functions.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['ledger_journal', 'ledger_journal_line', 'ledger_reversal', 'ledger_idempotency', 'ledger_period_change'] LOOP
    EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
  FOR t IN SELECT c.relname FROM pg_class c WHERE c.relname LIKE 'ledger\_%' AND c.relkind IN ('r', 'p') LOOP
    EXECUTE format('CREATE TRIGGER not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['ledger_account_balance', 'ledger_series', 'ledger_chain_head', 'ledger_batch', 'ledger_period',
                           'ledger_fiscal_year', 'ledger_sub_account'] LOOP
    EXECUTE format('CREATE TRIGGER kept BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', t);
  END LOOP;
  -- Forced, so that the owner and the functions are bound by it too; partitions are guarded one by one.
  FOR t IN SELECT c.relname FROM pg_class c WHERE c.relname LIKE 'ledger\_%' AND c.relkind IN ('r', 'p') LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_entity ON %I USING (entity_id = current_setting(''khlang.entity_id'')::bigint)'
                   ' WITH CHECK (entity_id = current_setting(''khlang.entity_id'')::bigint)', t);
    EXECUTE format('REVOKE ALL ON %I FROM khlang_app', t);
    EXECUTE format('GRANT SELECT ON %I TO khlang_app', t);
  END LOOP;
END $$;
