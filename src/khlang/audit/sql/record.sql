-- The one way into the record. Run again after every change: each statement replaces its own.
-- Who and what come from the caller; on which authority is looked up here, inside the act, so that no code can claim
-- another; from where comes from the transaction (toolkit.tenancy).

CREATE OR REPLACE FUNCTION audit_record(p_entity bigint, p_act text, p_document text, p_facts text,
                             p_actor_id bigint, p_actor_name text, p_request_id text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_head audit_head; v_at timestamptz; v_hash bytea;
  v_authority text; v_address text := coalesce(current_setting('khlang.address', true), '');
BEGIN
  IF p_entity IS DISTINCT FROM nullif(current_setting('khlang.entity_id', true), '')::bigint THEN
    RAISE EXCEPTION 'ledger.wrong_entity' USING ERRCODE = 'KL001', DETAIL =
      jsonb_build_array(jsonb_build_object('code', 'ledger.wrong_entity', 'where', '', 'facts', '{}'::jsonb))::text;
  END IF;
  LOOP
    SELECT * INTO v_head FROM audit_head h WHERE h.entity_id = p_entity FOR NO KEY UPDATE;
    EXIT WHEN FOUND;
    -- A row that does not exist cannot be locked: make it, then lock it.
    INSERT INTO audit_head (entity_id) VALUES (p_entity) ON CONFLICT DO NOTHING;
  END LOOP;
  v_at := clock_timestamp();
  v_authority := identity_hats(p_entity, p_actor_id, v_at)::text;
  v_hash := sha256(v_head.hash || convert_to(concat_ws(E'\x1f', 'khlang-audit-2', p_entity, v_head.sequence_no + 1, p_act,
    p_document, p_facts, p_actor_id, p_actor_name, p_request_id,
    to_char(v_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), v_authority, v_address), 'UTF8'));
  INSERT INTO audit_act (entity_id, sequence_no, act, document, facts, actor_id, actor_name, request_id, acted_at,
                         previous_hash, hash, version, authority, address)
    VALUES (p_entity, v_head.sequence_no + 1, p_act, p_document, p_facts, p_actor_id, p_actor_name, p_request_id, v_at,
            v_head.hash, v_hash, 2, v_authority, v_address);
  UPDATE audit_head h SET sequence_no = v_head.sequence_no + 1, hash = v_hash WHERE h.entity_id = p_entity;
  RETURN v_head.sequence_no + 1;
END $$;

REVOKE ALL ON FUNCTION audit_record(bigint, text, text, text, bigint, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_record(bigint, text, text, text, bigint, text, text) TO khlang_app;
