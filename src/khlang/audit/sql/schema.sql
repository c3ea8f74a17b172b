-- One row per act, written by audit_record() alone, chained per entity. No foreign keys, on purpose:
-- the record must outlive what it speaks of.

CREATE FUNCTION khlang_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger.immutable' USING ERRCODE = 'KL002',
    DETAIL = jsonb_build_array(jsonb_build_object('code', 'ledger.immutable', 'where', '',
      'facts', jsonb_build_object('table', TG_TABLE_NAME, 'operation', TG_OP)))::text;
END $$;

CREATE TABLE audit_head (
  entity_id   bigint PRIMARY KEY,
  sequence_no bigint NOT NULL DEFAULT 0,
  hash        bytea  NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
) WITH (fillfactor = 40);

CREATE TABLE audit_act (
  entity_id     bigint      NOT NULL,
  sequence_no   bigint      NOT NULL,
  act           text        NOT NULL,
  document      text        NOT NULL,
  facts         text        NOT NULL,
  actor_id      bigint      NOT NULL,
  actor_name    text        NOT NULL,
  request_id    text        NOT NULL,
  acted_at      timestamptz NOT NULL,
  previous_hash bytea       NOT NULL,
  hash          bytea       NOT NULL,
  PRIMARY KEY (entity_id, sequence_no),
  CONSTRAINT audit_act_facts_are_json CHECK (facts::jsonb IS NOT NULL)
);
CREATE INDEX audit_act_by_document ON audit_act (entity_id, document, sequence_no);
CREATE INDEX audit_act_by_time ON audit_act (entity_id, acted_at);

CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON audit_act FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON audit_act FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change();

REVOKE ALL ON audit_act, audit_head FROM khlang_app;
GRANT SELECT ON audit_act, audit_head TO khlang_app;
