-- Years, periods, sub-accounts, batches and estimates: the small writes beside posting, under the same tenant lock.
-- Run again after every change: each statement replaces its own.

CREATE OR REPLACE FUNCTION ledger_lock(p_entity bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_check_entity(p_entity);
  PERFORM FROM ledger_chain_head c WHERE c.entity_id = p_entity FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO ledger_chain_head (entity_id) VALUES (p_entity) ON CONFLICT DO NOTHING;
    PERFORM FROM ledger_chain_head c WHERE c.entity_id = p_entity FOR NO KEY UPDATE;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_open_fiscal_year(p_entity bigint, p_year int, p_chart text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM ledger_lock(p_entity);
  INSERT INTO ledger_fiscal_year (entity_id, fiscal_year, chart) VALUES (p_entity, p_year, p_chart) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO ledger_period (entity_id, fiscal_year, period) SELECT p_entity, p_year, p FROM generate_series(0, 13) AS p;
  RETURN true;
END $$;

-- open -> soft_closed -> closed; soft_closed -> open with a reason and by two hands (R331: see reopening.sql; the operator
-- of the server, number 0, stands outside the office); a closed period never opens again.
CREATE OR REPLACE FUNCTION ledger_change_period(p_entity bigint, p_year int, p_period int, p_state text, p_reason text,
                                     p_actor_id bigint, p_actor_name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_before text; v_code text; v_earlier int;
BEGIN
  PERFORM ledger_lock(p_entity);
  SELECT p.state INTO v_before FROM ledger_period p WHERE p.entity_id = p_entity AND p.fiscal_year = p_year AND p.period = p_period;
  SELECT min(p.period) INTO v_earlier FROM ledger_period p
   WHERE p.entity_id = p_entity AND p.fiscal_year = p_year AND p.period < p_period AND p.state <> 'closed';
  v_code := CASE
    WHEN v_before IS NULL THEN 'ledger.year_not_open'
    WHEN v_before = p_state THEN NULL
    WHEN v_before = 'closed' THEN 'ledger.period_closed_for_good'
    WHEN p_state = 'open' AND btrim(coalesce(p_reason, '')) = '' THEN 'ledger.reason_missing'
    WHEN p_state = 'open' AND p_actor_id <> 0 AND NOT EXISTS (
      SELECT FROM ledger_reopening r
       WHERE r.entity_id = p_entity AND r.fiscal_year = p_year AND r.period = p_period AND r.state = 'agreed'
         AND r.answered_by = p_actor_id AND r.answered_at > (
           SELECT max(c.changed_at) FROM ledger_period_change c
            WHERE c.entity_id = p_entity AND c.fiscal_year = p_year AND c.period = p_period))
      THEN 'ledger.reopening_needs_two_hands'
    WHEN v_before = 'open' AND p_state = 'closed' THEN 'ledger.period_not_soft_closed'
    WHEN p_state = 'closed' AND v_earlier IS NOT NULL THEN 'ledger.earlier_period_open'
    WHEN p_state <> 'open' AND EXISTS (SELECT FROM ledger_batch b WHERE b.entity_id = p_entity AND b.state = 'posting')
      THEN 'ledger.batch_running' END;
  IF v_code IS NOT NULL THEN
    PERFORM ledger_refuse(jsonb_build_array(ledger_refusal(v_code, '', jsonb_build_object(
      'fiscal_year', p_year, 'period', p_period, 'earlier', coalesce(v_earlier, p_period)))));
  END IF;
  IF v_before <> p_state THEN
    UPDATE ledger_period p SET state = p_state WHERE p.entity_id = p_entity AND p.fiscal_year = p_year AND p.period = p_period;
    INSERT INTO ledger_period_change SELECT p_entity, 1 + coalesce(max(c.change_no), 0), p_year, p_period, v_before, p_state,
        coalesce(p_reason, ''), clock_timestamp(), p_actor_id, p_actor_name
      FROM ledger_period_change c WHERE c.entity_id = p_entity;
    UPDATE ledger_reopening r SET state = 'lapsed', answered_at = clock_timestamp()
     WHERE r.entity_id = p_entity AND r.fiscal_year = p_year AND r.period = p_period AND r.state = 'asked';
  END IF;
  RETURN v_before;
END $$;

CREATE OR REPLACE FUNCTION ledger_set_sub_account(p_entity bigint, p_account text, p_sub_account text, p_name text, p_open boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_existed boolean;
BEGIN
  PERFORM ledger_lock(p_entity);
  IF NOT EXISTS (SELECT FROM reference_account a WHERE a.code = p_account AND a.is_postable) THEN
    PERFORM ledger_refuse(jsonb_build_array(ledger_refusal('ledger.account_not_postable', '',
      jsonb_build_object('account', p_account, 'name', '-'))));
  END IF;
  SELECT true INTO v_existed FROM ledger_sub_account s
   WHERE s.entity_id = p_entity AND s.account_code = p_account AND s.sub_account = p_sub_account;
  IF NOT p_open AND EXISTS (SELECT FROM ledger_batch b WHERE b.entity_id = p_entity AND b.state = 'posting') THEN
    PERFORM ledger_refuse(jsonb_build_array(ledger_refusal('ledger.batch_running', '', '{}')));
  END IF;
  INSERT INTO ledger_sub_account AS s VALUES (p_entity, p_account, p_sub_account, p_name, p_open)
    ON CONFLICT (entity_id, account_code, sub_account) DO UPDATE SET name_th = excluded.name_th, is_open = excluded.is_open;
  RETURN v_existed IS NULL;
END $$;

-- Opening a batch again with the same content joins it: a worker that died goes on where it stopped.
CREATE OR REPLACE FUNCTION ledger_open_batch(p_entity bigint, p_batch uuid, p_kind text, p_title text, p_content bytea, p_actor_id bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_batch ledger_batch;
BEGIN
  PERFORM ledger_lock(p_entity);
  INSERT INTO ledger_batch (entity_id, batch_id, kind, title, content, opened_by)
    VALUES (p_entity, p_batch, p_kind, p_title, p_content, p_actor_id) ON CONFLICT DO NOTHING;
  SELECT * INTO v_batch FROM ledger_batch b WHERE b.entity_id = p_entity AND b.batch_id = p_batch;
  IF v_batch.content <> p_content THEN
    PERFORM ledger_refuse(jsonb_build_array(ledger_refusal('ledger.idempotency_conflict', '',
      jsonb_build_object('key', p_batch, 'journal', v_batch.title))));
  END IF;
  RETURN v_batch.state;
END $$;

CREATE OR REPLACE FUNCTION ledger_close_batch(p_entity bigint, p_batch uuid, p_state text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_journals int;
BEGIN
  PERFORM ledger_lock(p_entity);
  UPDATE ledger_batch b SET state = p_state WHERE b.entity_id = p_entity AND b.batch_id = p_batch
     AND (b.state, p_state) IN (('posting', 'posted'), ('posted', 'posted'), ('posting', 'reversed'), ('posted', 'reversed'),
                                ('reversed', 'reversed'))
    RETURNING b.journals INTO v_journals;
  IF v_journals IS NULL THEN
    PERFORM ledger_refuse(jsonb_build_array(ledger_refusal('ledger.batch_not_open', '', jsonb_build_object('batch', p_batch))));
  END IF;
  RETURN v_journals;
END $$;

CREATE OR REPLACE FUNCTION ledger_set_estimates(p_entity bigint, p_year int, p_estimates jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_count int;
BEGIN
  PERFORM ledger_lock(p_entity);
  INSERT INTO ledger_estimate AS e SELECT p_entity, p_year, x.account, coalesce(x.sub_account, ''), x.amount
    FROM jsonb_to_recordset(p_estimates) AS x (account text, sub_account text, amount numeric(18,2))
    ON CONFLICT (entity_id, fiscal_year, account_code, sub_account) DO UPDATE SET amount = excluded.amount;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;

-- The application may call these and nothing else of the ledger; the inner ones stay with the owner.
DO $$
DECLARE f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS name, p.proname FROM pg_proc p WHERE p.proname LIKE 'ledger\_%' LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
    IF f.proname IN ('ledger_post_journals', 'ledger_open_fiscal_year', 'ledger_change_period', 'ledger_set_sub_account',
                     'ledger_open_batch', 'ledger_close_batch', 'ledger_set_estimates') THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO khlang_app', f.name);
    END IF;
  END LOOP;
END $$;
