-- The record of tries is append-only. It is traffic data: kept 90 days at least, then pruned by this function alone.

ALTER TABLE authentication_attempt
  ADD CONSTRAINT authentication_attempt_outcome_is_known
    CHECK (outcome IN ('tried', 'passed', 'succeeded', 'refused', 'ended')),
  ADD CONSTRAINT authentication_attempt_goes_on_from_a_try CHECK (outcome <> 'tried' OR of_attempt IS NULL);

REVOKE UPDATE, DELETE, TRUNCATE ON authentication_attempt FROM khlang_app;

CREATE FUNCTION authentication_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '90 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'ledger.immutable' USING ERRCODE = 'KL002',
    DETAIL = jsonb_build_array(jsonb_build_object('code', 'ledger.immutable', 'where', '',
      'facts', jsonb_build_object('table', TG_TABLE_NAME, 'operation', TG_OP)))::text;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON authentication_attempt FOR EACH ROW EXECUTE FUNCTION authentication_keep();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON authentication_attempt
  FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change();

CREATE FUNCTION authentication_prune(p_days integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_count bigint;
BEGIN
  DELETE FROM authentication_attempt WHERE at < now() - make_interval(days => greatest(p_days, 90));
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;
REVOKE ALL ON FUNCTION authentication_prune(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authentication_prune(integer) TO khlang_app;

ALTER TABLE authentication_session
  ADD CONSTRAINT authentication_session_of_user FOREIGN KEY (user_id) REFERENCES identity_user (id);
ALTER TABLE authentication_device
  ADD CONSTRAINT authentication_device_of_user FOREIGN KEY (user_id) REFERENCES identity_user (id);
