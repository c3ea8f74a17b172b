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

CREATE FUNCTION audit_record(p_entity bigint, p_act text, p_document text, p_facts text,
                             p_actor_id bigint, p_actor_name text, p_request_id text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_head audit_head; v_at timestamptz; v_hash bytea;
BEGIN
  LOOP
    SELECT * INTO v_head FROM audit_head h WHERE h.entity_id = p_entity FOR NO KEY UPDATE;
    EXIT WHEN FOUND;
    -- A row that does not exist cannot be locked: make it, then lock it.
    INSERT INTO audit_head (entity_id) VALUES (p_entity) ON CONFLICT DO NOTHING;
  END LOOP;
  v_at := clock_timestamp();
  v_hash := sha256(v_head.hash || convert_to(concat_ws(E'\x1f', 'khlang-audit-1', p_entity, v_head.sequence_no + 1, p_act,
    p_document, p_facts, p_actor_id, p_actor_name, p_request_id,
    to_char(v_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), 'UTF8'));
  INSERT INTO audit_act VALUES (p_entity, v_head.sequence_no + 1, p_act, p_document, p_facts, p_actor_id, p_actor_name,
    p_request_id, v_at, v_head.hash, v_hash);
  UPDATE audit_head h SET sequence_no = v_head.sequence_no + 1, hash = v_hash WHERE h.entity_id = p_entity;
  RETURN v_head.sequence_no + 1;
END $$;

REVOKE ALL ON audit_act, audit_head FROM khlang_app;
GRANT SELECT ON audit_act, audit_head TO khlang_app;
REVOKE ALL ON FUNCTION audit_record(bigint, text, text, text, bigint, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_record(bigint, text, text, text, bigint, text, text) TO khlang_app;
