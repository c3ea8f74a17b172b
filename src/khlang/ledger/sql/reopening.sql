-- Two hands open a soft-closed period: the head of treasury and the clerk, never one person (R331). Which hats a person wears
-- is looked up here, in the act, so that no code can claim another. Run again after every change.

CREATE OR REPLACE FUNCTION ledger_reopening_hats(p_entity bigint, p_person bigint) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce((SELECT array_agg(DISTINCT h->>'hat') FROM jsonb_array_elements(identity_hats(p_entity, p_person, clock_timestamp())) AS h
                    WHERE h->>'hat' IN ('head_of_treasury', 'clerk')), '{}');
END $$;

CREATE OR REPLACE FUNCTION ledger_refuse_reopening(p_code text, p_facts jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_refuse(jsonb_build_array(ledger_refusal(p_code, CASE WHEN p_code = 'ledger.reason_missing' THEN 'reason' ELSE '' END, p_facts)));
END $$;

-- Ask; the same request again changes nothing.
CREATE OR REPLACE FUNCTION ledger_ask_reopening(p_entity bigint, p_request uuid, p_year int, p_period int, p_reason text,
                                     p_actor_id bigint, p_actor_name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_state text; v_hats text[]; v_other ledger_reopening; v_code text;
BEGIN
  PERFORM ledger_lock(p_entity);
  SELECT * INTO v_other FROM ledger_reopening r WHERE r.entity_id = p_entity AND r.request_id = p_request;
  IF FOUND AND (v_other.asked_by, v_other.fiscal_year, v_other.period) = (p_actor_id, p_year, p_period) THEN RETURN false; END IF;
  SELECT p.state INTO v_state FROM ledger_period p WHERE p.entity_id = p_entity AND p.fiscal_year = p_year AND p.period = p_period;
  SELECT * INTO v_other FROM ledger_reopening r
   WHERE r.entity_id = p_entity AND r.fiscal_year = p_year AND r.period = p_period AND r.state = 'asked';
  v_hats := ledger_reopening_hats(p_entity, p_actor_id);
  v_code := CASE
    WHEN v_state IS NULL THEN 'ledger.year_not_open'
    WHEN v_state = 'closed' THEN 'ledger.period_closed_for_good'
    WHEN v_state = 'open' THEN 'ledger.period_is_open'
    WHEN cardinality(v_hats) = 0 THEN 'ledger.reopening_needs_two_hands'
    WHEN v_other.request_id IS NOT NULL THEN 'ledger.reopening_asked_already'
    WHEN btrim(coalesce(p_reason, '')) = '' THEN 'ledger.reason_missing' END;
  IF v_code IS NOT NULL THEN
    PERFORM ledger_refuse_reopening(v_code, jsonb_build_object('fiscal_year', p_year, 'period', p_period, 'who', coalesce(v_other.asked_by_name, '-')));
  END IF;
  INSERT INTO ledger_reopening (entity_id, request_id, fiscal_year, period, reason, asked_by, asked_by_name, asked_as)
    VALUES (p_entity, p_request, p_year, p_period, btrim(p_reason), p_actor_id, p_actor_name,
            CASE WHEN cardinality(v_hats) = 2 THEN 'either' ELSE v_hats[1] END);
  RETURN true;
END $$;

-- Agree (the period opens in the same moment), refuse, or take one's own request back. The same answer again changes nothing.
CREATE OR REPLACE FUNCTION ledger_answer_reopening(p_entity bigint, p_request uuid, p_agrees boolean, p_note text,
                                        p_actor_id bigint, p_actor_name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_row ledger_reopening; v_hats text[]; v_as text; v_state text; v_code text;
BEGIN
  PERFORM ledger_lock(p_entity);
  SELECT * INTO v_row FROM ledger_reopening r WHERE r.entity_id = p_entity AND r.request_id = p_request;
  v_hats := ledger_reopening_hats(p_entity, p_actor_id);
  v_state := CASE WHEN p_agrees THEN 'agreed' WHEN v_row.asked_by = p_actor_id THEN 'withdrawn' ELSE 'refused' END;
  IF v_row.state = v_state AND v_row.answered_by = p_actor_id THEN RETURN NULL; END IF;
  -- Who holds both hats takes the one the other does not hold.
  v_as := CASE WHEN 'clerk' = ANY(v_hats) AND v_row.asked_as IN ('head_of_treasury', 'either') THEN 'clerk'
               WHEN 'head_of_treasury' = ANY(v_hats) AND v_row.asked_as IN ('clerk', 'either') THEN 'head_of_treasury' END;
  v_code := CASE
    WHEN v_row.request_id IS NULL THEN 'ledger.reopening_unknown'
    WHEN v_row.state <> 'asked' THEN 'ledger.reopening_answered'
    WHEN p_agrees AND v_row.asked_by = p_actor_id THEN 'identity.same_person'
    WHEN p_agrees AND v_as IS NULL OR v_state = 'refused' AND cardinality(v_hats) = 0 THEN 'ledger.reopening_needs_two_hands'
    WHEN v_state = 'refused' AND btrim(coalesce(p_note, '')) = '' THEN 'ledger.reason_missing' END;
  IF v_code IS NOT NULL THEN
    PERFORM ledger_refuse_reopening(v_code, jsonb_build_object('rule', 'R331', 'first', 'reopening_asked', 'second', 'reopening_agreed',
      'fiscal_year', v_row.fiscal_year, 'period', v_row.period, 'who', coalesce(nullif(v_row.answered_by_name, ''), '-')));
  END IF;
  UPDATE ledger_reopening r
     SET state = v_state, answered_by = p_actor_id, answered_by_name = p_actor_name, answered_at = clock_timestamp(), note = btrim(coalesce(p_note, '')),
         answered_as = coalesce(v_as, v_hats[1], ''),
         asked_as = CASE WHEN r.asked_as <> 'either' THEN r.asked_as WHEN v_as = 'clerk' THEN 'head_of_treasury' ELSE 'clerk' END
   WHERE r.entity_id = p_entity AND r.request_id = p_request;
  IF p_agrees THEN
    PERFORM ledger_change_period(p_entity, v_row.fiscal_year, v_row.period, 'open', v_row.reason, p_actor_id, p_actor_name);
  END IF;
  RETURN v_state;
END $$;

REVOKE ALL ON FUNCTION ledger_reopening_hats(bigint, bigint), ledger_refuse_reopening(text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION ledger_ask_reopening(bigint, uuid, int, int, text, bigint, text),
  ledger_answer_reopening(bigint, uuid, boolean, text, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_ask_reopening(bigint, uuid, int, int, text, bigint, text),
  ledger_answer_reopening(bigint, uuid, boolean, text, bigint, text) TO khlang_app;
