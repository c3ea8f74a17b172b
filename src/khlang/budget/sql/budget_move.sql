-- The one way to move money of the budget, whole, in one round trip. Run again after every change: each statement replaces
-- its own. Order of work, which is also the lock order: tenant lock -> replay -> read each move against what it takes from
-- -> is there enough? -> lines, holds, movements, balances -> record of acts. All of a request is done or none of it.
--
-- A request: {"key", "fiscal_year", "on", "document": {"kind", "id", "label"},
--   "lines": [new control lines], "explanations": [{"line_id", "content"}],
--   "change": {"number", "route", "resolution_number", "resolved_on", "notice_due_on"} where a change is approved,
--   "moves": [{"line_id", "kind", "amount", "hold_id", "from_hold_id"}]}

CREATE OR REPLACE FUNCTION budget_refusal(p_move int, p_code text, p_facts jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN jsonb_build_array(ledger_refusal(p_code, CASE WHEN p_move > 0 THEN format('moves.%s', p_move - 1) ELSE '' END, p_facts));
END $$;

-- From which stages a kind may take; '' is what is available. The twin in Python is budget.rules.KINDS.
CREATE OR REPLACE FUNCTION budget_takes_from(p_kind text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE p_kind
    WHEN 'reserve'  THEN ARRAY['']
    WHEN 'obligate' THEN ARRAY['', 'reserved']
    WHEN 'request'  THEN ARRAY['', 'reserved', 'obligated', 'carried']
    WHEN 'advance'  THEN ARRAY['', 'reserved']
    WHEN 'carry'    THEN ARRAY['', 'obligated', 'requested']
    WHEN 'pay'      THEN ARRAY['requested']
    WHEN 'clear'    THEN ARRAY['advanced']
    WHEN 'refund'   THEN ARRAY['paid']
    WHEN 'release'  THEN ARRAY['reserved', 'obligated', 'advanced', 'carried']
    WHEN 'cancel'   THEN ARRAY['reserved', 'obligated', 'advanced', 'requested', 'carried', 'paid'] END;
END $$;

CREATE OR REPLACE FUNCTION budget_line_label(p_entity bigint, p_year int, p_line uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce((SELECT l.code || ' ' || coalesce(nullif(l.item, ''), l.type_name) FROM budget_line l
                    WHERE l.entity_id = p_entity AND l.fiscal_year = p_year AND l.line_id = p_line), p_line::text, '-');
END $$;

-- One move on a hold: what it takes from, what it opens. Returns the reason why not, or NULL; fills the pots.
CREATE OR REPLACE FUNCTION budget_step(p_entity bigint, p_year int, p_entry int, p_on date, p_no int, p_line uuid, p_kind text,
    p_amount numeric, p_hold uuid, p_from uuid, OUT o_refusal jsonb, OUT o_from text, OUT o_to text) LANGUAGE plpgsql AS $$
DECLARE v_stages text[] := budget_takes_from(p_kind); v_from budget_hold; v_before text; v_grant uuid;
        v_last date := make_date(p_year - 543, 9, 30);
BEGIN
  o_from := ''; o_to := '';
  IF p_amount IS NULL OR p_amount <= 0 OR scale(p_amount) > 2 OR p_amount >= 1000000000000000 THEN
    o_refusal := budget_refusal(p_no, 'budget.amount_not_right', jsonb_build_object('amount', coalesce(p_amount::text, '-')));
    RETURN;
  END IF;
  IF p_kind IN ('approve', 'withdraw', 'supplement', 'transfer_in', 'transfer_out') THEN
    o_to := CASE p_kind WHEN 'approve' THEN 'approved' WHEN 'supplement' THEN 'supplemented' WHEN 'transfer_in' THEN 'transferred_in'
                        WHEN 'transfer_out' THEN 'transferred_out' ELSE '' END;
    o_from := CASE p_kind WHEN 'withdraw' THEN 'approved' ELSE '' END;
  ELSIF v_stages IS NULL THEN
    o_refusal := budget_refusal(p_no, 'budget.kind_unknown', jsonb_build_object('kind', coalesce(p_kind, '-')));
    RETURN;
  END IF;
  IF p_from IS NOT NULL THEN
    SELECT * INTO v_from FROM budget_hold h WHERE h.entity_id = p_entity AND h.fiscal_year = p_year AND h.hold_id = p_from;
    o_refusal := CASE
      WHEN v_from.hold_id IS NULL THEN budget_refusal(p_no, 'budget.hold_unknown', jsonb_build_object('hold', p_from))
      WHEN v_from.line_id <> p_line THEN budget_refusal(p_no, 'budget.hold_of_other_line', jsonb_build_object(
        'line', budget_line_label(p_entity, p_year, p_line), 'other', budget_line_label(p_entity, p_year, v_from.line_id)))
      WHEN v_stages IS NULL OR v_from.stage <> ALL (v_stages) THEN budget_refusal(p_no, 'budget.stage_does_not_fit',
        jsonb_build_object('kind', p_kind, 'stage', v_from.stage))
      WHEN p_amount > v_from.open_amount THEN budget_refusal(p_no, 'budget.more_than_held', jsonb_build_object(
        'line', budget_line_label(p_entity, p_year, p_line), 'asked', p_amount::numeric(18,2)::text,
        'held', v_from.open_amount::text, 'short', (p_amount - v_from.open_amount)::numeric(18,2)::text)) END;
    IF o_refusal IS NOT NULL THEN RETURN; END IF;
    -- Carried money is claimed until its last day; what was claimed in time is still paid (R188, R195).
    IF v_from.stage = 'carried' AND p_kind = 'request' AND p_on > budget_carry_end(p_entity, p_from) THEN
      o_refusal := budget_refusal(p_no, 'budget.carry_expired', jsonb_build_object('date', p_on,
        'line', budget_line_label(p_entity, p_year, p_line), 'expired', budget_carry_end(p_entity, p_from)));
      RETURN;
    END IF;
    o_from := CASE WHEN p_kind = 'refund' THEN '' ELSE v_from.stage END;
    UPDATE budget_hold h SET open_amount = h.open_amount - p_amount
     WHERE h.entity_id = p_entity AND h.fiscal_year = p_year AND h.hold_id = p_from;
  ELSIF v_stages IS NOT NULL AND NOT '' = ANY (v_stages) THEN
    o_refusal := budget_refusal(p_no, 'budget.hold_missing', jsonb_build_object('kind', p_kind));
    RETURN;
  END IF;
  SELECT l.grant_id INTO v_grant FROM budget_line l WHERE l.entity_id = p_entity AND l.fiscal_year = p_year AND l.line_id = p_line;
  -- After the last day only what was carried over goes on, down its own chain; a grant goes on by its clocks.
  IF p_on > v_last AND NOT coalesce(v_grant IS NOT NULL AND p_kind <> 'approve' OR budget_is_carried(p_entity, p_year, p_from), false)
     OR p_on < v_last - interval '1 year' + interval '1 day' THEN
    o_refusal := budget_refusal(p_no, 'budget.outside_year', jsonb_build_object('date', p_on, 'fiscal_year', p_year));
    RETURN;
  ELSIF v_grant IS NOT NULL THEN
    o_refusal := budget_grant_step(p_entity, p_year, p_on, p_no, p_line, v_grant, p_kind, v_from.stage);
    IF o_refusal IS NOT NULL THEN RETURN; END IF;
  END IF;
  IF p_kind = 'refund' THEN
    o_to := 'refunded';
  ELSIF p_kind = 'cancel' AND v_from.from_hold_id IS NOT NULL THEN
    -- Back to where it came from: a cancelled voucher on a contract leaves the contract holding the money.
    UPDATE budget_hold h SET open_amount = h.open_amount + p_amount
     WHERE h.entity_id = p_entity AND h.fiscal_year = p_year AND h.hold_id = v_from.from_hold_id RETURNING h.stage INTO o_to;
  ELSIF p_kind NOT IN ('release', 'cancel') AND v_stages IS NOT NULL THEN
    o_to := CASE p_kind WHEN 'reserve' THEN 'reserved' WHEN 'obligate' THEN 'obligated' WHEN 'request' THEN 'requested'
                        WHEN 'advance' THEN 'advanced' WHEN 'carry' THEN 'carried' ELSE 'paid' END;
    IF p_hold IS NULL THEN
      o_refusal := budget_refusal(p_no, 'budget.request_incomplete', '{}');
      RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM budget_line l WHERE l.entity_id = p_entity AND l.fiscal_year = p_year AND l.line_id = p_line) THEN
      RETURN;  -- said once for all moves, with the balances
    END IF;
    INSERT INTO budget_hold VALUES (p_entity, p_year, p_hold, p_line, p_entry, o_to, p_amount, p_amount, p_from) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      o_refusal := budget_refusal(p_no, 'budget.hold_exists', jsonb_build_object('hold', p_hold));
    END IF;
  END IF;
END $$;

-- Does a hold descend from money carried over?
CREATE OR REPLACE FUNCTION budget_is_carried(p_entity bigint, p_year int, p_hold uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    WITH RECURSIVE chain AS (
      SELECT h.stage, h.from_hold_id FROM budget_hold h
       WHERE h.entity_id = p_entity AND h.fiscal_year = p_year AND h.hold_id = p_hold
      UNION ALL
      SELECT h.stage, h.from_hold_id FROM chain c JOIN budget_hold h
          ON h.entity_id = p_entity AND h.fiscal_year = p_year AND h.hold_id = c.from_hold_id)
    SELECT FROM chain WHERE stage = 'carried');
END $$;

-- The last day of money carried over, its extensions included.
CREATE OR REPLACE FUNCTION budget_carry_end(p_entity bigint, p_carry uuid) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT coalesce((SELECT max(x.expires_on) FROM budget_carry_extension x WHERE x.entity_id = p_entity AND x.carry_id = p_carry),
                          c.expires_on)
            FROM budget_carry_over c WHERE c.entity_id = p_entity AND c.id = p_carry);
END $$;

-- New control lines with their first explanation, and new versions of explanations.
CREATE OR REPLACE FUNCTION budget_open_lines(p_entity bigint, p_year int, p_entry int, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE v_refusals jsonb;
BEGIN
  IF p_request ? 'lines' THEN
    SELECT jsonb_agg(ledger_refusal('budget.line_exists', format('lines.%s', n.ordinal - 1),
             jsonb_build_object('line', n.code || ' ' || coalesce(nullif(n.item, ''), n.type_name)))) INTO v_refusals
      FROM ROWS FROM (jsonb_to_recordset(p_request->'lines') AS (line_id uuid, code text, enterprise text, division text, work text,
             budget_type text, item text, fund_source text, type_name text, grant_id uuid)) WITH ORDINALITY
             AS n (line_id, code, enterprise, division, work, budget_type, item, fund_source, type_name, grant_id, ordinal)
      JOIN budget_line l ON l.entity_id = p_entity AND l.fiscal_year = p_year AND (l.line_id = n.line_id OR l.code = n.code
           OR (l.enterprise, l.division, l.work, l.budget_type, l.item, l.fund_source)
            = (n.enterprise, n.division, n.work, n.budget_type, n.item, n.fund_source) AND l.grant_id IS NOT DISTINCT FROM n.grant_id);
    IF v_refusals IS NOT NULL THEN RETURN v_refusals; END IF;
    INSERT INTO budget_line SELECT p_entity, p_year, n.line_id, p_entry, n.code, n.enterprise, n.division, n.work, n.budget_type, n.item,
        n.fund_source, n.is_project, n.control_level, n.nature, n.work_name, n.type_name, n.search_key,
        n.grant_id
      FROM jsonb_to_recordset(p_request->'lines') AS n (line_id uuid, code text, enterprise text, division text, work text,
             budget_type text, item text, fund_source text, is_project boolean, control_level text, nature text, work_name text,
             type_name text, search_key text, grant_id uuid);
    INSERT INTO budget_balance (entity_id, fiscal_year, line_id)
      SELECT p_entity, p_year, (n->>'line_id')::uuid FROM jsonb_array_elements(p_request->'lines') AS n;
  END IF;
  IF p_request ? 'explanations' THEN
    SELECT jsonb_agg(ledger_refusal('budget.line_unknown', '', jsonb_build_object('line', n->>'line_id'))) INTO v_refusals
      FROM jsonb_array_elements(p_request->'explanations') AS n
     WHERE NOT EXISTS (SELECT FROM budget_line l WHERE l.entity_id = p_entity AND l.fiscal_year = p_year
                         AND l.line_id = (n->>'line_id')::uuid);
    IF v_refusals IS NOT NULL THEN RETURN v_refusals; END IF;
    -- A line of a grant reads as its own letter says, and a letter words no other line (R200).
    SELECT jsonb_agg(ledger_refusal('budget.grant_of_other_letter', '', jsonb_build_object('line', budget_line_label(p_entity, p_year, l.line_id))))
      INTO v_refusals FROM jsonb_array_elements(p_request->'explanations') AS n
      JOIN budget_line l ON l.entity_id = p_entity AND l.fiscal_year = p_year AND l.line_id = (n->>'line_id')::uuid
      LEFT JOIN budget_grant g ON g.entity_id = p_entity AND g.id = (p_request->'document'->>'id')::uuid
     WHERE l.grant_id IS DISTINCT FROM g.id;
    IF v_refusals IS NOT NULL THEN RETURN v_refusals; END IF;
    INSERT INTO budget_explanation
      SELECT p_entity, p_year, (n->>'line_id')::uuid, 1 + coalesce((SELECT max(x.version_no) FROM budget_explanation x
               WHERE x.entity_id = p_entity AND x.fiscal_year = p_year AND x.line_id = (n->>'line_id')::uuid), 0), p_entry, n->'content'
        FROM jsonb_array_elements(p_request->'explanations') AS n;
  END IF;
  RETURN NULL;
END $$;

-- Transfers take from one line what they give to another, inside one budget: general or one enterprise (R99, R101).
CREATE OR REPLACE FUNCTION budget_transfer_refusals(p_entity bigint, p_year int, p_moves jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE v_down numeric; v_up numeric; v_apart boolean;
BEGIN
  SELECT coalesce(sum(x.down), 0), coalesce(sum(x.up), 0), coalesce(bool_or(x.down <> x.up), false) INTO v_down, v_up, v_apart
    FROM (SELECT coalesce(l.enterprise, ''), coalesce(sum(m.amount) FILTER (WHERE m.kind = 'transfer_out'), 0) AS down,
                 coalesce(sum(m.amount) FILTER (WHERE m.kind = 'transfer_in'), 0) AS up
            FROM jsonb_to_recordset(p_moves) AS m (line_id uuid, kind text, amount numeric)
            LEFT JOIN budget_line l ON l.entity_id = p_entity AND l.fiscal_year = p_year AND l.line_id = m.line_id
           WHERE m.kind IN ('transfer_in', 'transfer_out') GROUP BY 1) AS x;
  IF v_down <> v_up THEN
    RETURN budget_refusal(0, 'budget.transfer_not_zero_sum', jsonb_build_object('down', v_down::numeric(18,2)::text,
      'up', v_up::numeric(18,2)::text, 'difference', abs(v_down - v_up)::numeric(18,2)::text));
  ELSIF v_apart THEN
    RETURN budget_refusal(0, 'budget.transfer_between_budgets', '{}');
  END IF;
  RETURN NULL;
END $$;

-- Appropriation is given by an ordinance that was announced, by the opening of a year that moved over (R91), or by the letter
-- of a grant (R199).
CREATE OR REPLACE FUNCTION budget_gives_appropriation(p_entity bigint, p_year int, p_document uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM budget_ordinance o WHERE o.entity_id = p_entity AND o.id = p_document AND o.fiscal_year = p_year
                   AND (o.state = 'announced' OR o.kind IN ('provisional', 'opening') AND o.state = 'preparing'))
      OR EXISTS (SELECT FROM budget_grant g WHERE g.entity_id = p_entity AND g.id = p_document AND g.fiscal_year = p_year
                   AND g.state IN ('draft', 'open'));
END $$;

-- A transfer, and another wording of a line, rest on a change that was sent and says exactly this: the same lines, sides,
-- amounts and words (R98-R113). What moved in an old system rests on the opening of the year, once.
CREATE OR REPLACE FUNCTION budget_change_refusals(p_entity bigint, p_year int, p_entry int, p_request jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE v_document uuid := (p_request->'document'->>'id')::uuid; v_kind text := p_request->'document'->>'kind'; v_content jsonb; v_apart boolean;
BEGIN
  IF v_kind = 'opening' AND NOT p_request ? 'explanations'
     AND EXISTS (SELECT FROM budget_ordinance o WHERE o.entity_id = p_entity AND o.id = v_document AND o.fiscal_year = p_year
                   AND o.kind = 'opening' AND o.state = 'in_force')
     AND NOT EXISTS (SELECT FROM budget_entry e WHERE e.entity_id = p_entity AND e.document_id = v_document AND e.fiscal_year = p_year
                       AND e.document_kind = 'opening' AND e.entry_no < p_entry) THEN
    RETURN NULL;
  END IF;
  SELECT c.content INTO v_content FROM budget_change c
   WHERE c.entity_id = p_entity AND c.id = v_document AND c.fiscal_year = p_year AND c.kind = v_kind AND c.state = 'submitted';
  WITH part AS (
    SELECT CASE p->>'side' WHEN 'from' THEN 'transfer_out' ELSE 'transfer_in' END AS kind, (p->>'amount')::numeric AS amount,
           p->'explanation' AS words, coalesce((p->>'line_id')::uuid, (SELECT l.line_id FROM budget_line l
             WHERE l.entity_id = p_entity AND l.fiscal_year = p_year AND l.entry_no = p_entry AND l.is_project = (p->>'is_project')::boolean
               AND (l.enterprise, l.division, l.work, l.budget_type, l.fund_source) = (p->'new_line'->>'enterprise',
                 p->'new_line'->>'division', p->'new_line'->>'work', p->'new_line'->>'budget_type', p->'new_line'->>'fund_source')
               AND l.item = CASE l.control_level WHEN 'item' THEN p->'new_line'->>'item' ELSE '' END)) AS line_id
      FROM jsonb_array_elements(v_content) AS p),
  meant AS (SELECT line_id, kind, sum(amount) AS amount FROM part WHERE amount > 0 GROUP BY 1, 2),
  asked AS (SELECT m.line_id, m.kind, sum(m.amount) AS amount
              FROM jsonb_to_recordset(coalesce(p_request->'moves', '[]')) AS m (line_id uuid, kind text, amount numeric) GROUP BY 1, 2),
  words_meant AS (SELECT line_id, words FROM part WHERE jsonb_typeof(words) = 'object'),
  words_asked AS (SELECT (x->>'line_id')::uuid, x->'content' FROM jsonb_array_elements(coalesce(p_request->'explanations', '[]')) AS x)
  SELECT EXISTS ((TABLE meant EXCEPT TABLE asked) UNION ALL (TABLE asked EXCEPT TABLE meant))
      OR EXISTS ((TABLE words_meant EXCEPT TABLE words_asked) UNION ALL (TABLE words_asked EXCEPT TABLE words_meant)) INTO v_apart;
  IF v_content IS NULL OR v_apart THEN
    RETURN budget_refusal(0, 'budget.not_as_the_change_says', jsonb_build_object('document',
      coalesce(nullif(p_request->'document'->>'label', ''), v_document::text)));
  ELSIF p_request->'change'->>'number' IS NULL THEN
    RETURN budget_refusal(0, 'budget.request_incomplete', '{}');
  END IF;
  RETURN NULL;
END $$;

-- The change is approved in the act that moves its money: there is neither without the other.
CREATE OR REPLACE FUNCTION budget_approve(p_entity bigint, p_entry int, p_on date, p_actor_name text, p_request jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE budget_change c SET state = 'approved', entry_no = p_entry, approved_on = p_on, approved_by_name = p_actor_name,
      number = (p_request->'change'->>'number')::int, route = p_request->'change'->>'route',
      resolution_number = p_request->'change'->>'resolution_number', resolved_on = (p_request->'change'->>'resolved_on')::date,
      notice_due_on = (p_request->'change'->>'notice_due_on')::date
   WHERE c.entity_id = p_entity AND c.id = (p_request->'document'->>'id')::uuid AND c.kind = p_request->'document'->>'kind';
END $$;

CREATE OR REPLACE FUNCTION budget_move(p_entity bigint, p_actor_id bigint, p_actor_name text, p_request_id text, p_act text, p_request jsonb)
RETURNS TABLE (fiscal_year int, entry_no int, replayed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = auto
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET jit = off AS $$
#variable_conflict use_column
DECLARE
  v_key uuid := (p_request->>'key')::uuid; v_year int := (p_request->>'fiscal_year')::int; v_on date := (p_request->>'on')::date;
  v_document uuid := (p_request->'document'->>'id')::uuid; v_kind text := p_request->'document'->>'kind';
  v_moves jsonb := coalesce(p_request->'moves', '[]'); v_hash bytea := sha256(convert_to((p_request - 'key')::text, 'UTF8'));
  v_known budget_entry; v_entry int; v_refusals jsonb := '[]'; v_found jsonb; v_move record; v_step record;
  v_rows budget_movement[] := '{}'; v_row budget_movement; v_transfers boolean := false; v_gives boolean := false; v_changes boolean;
  v_few boolean := jsonb_array_length(coalesce(p_request->'moves', '[]')) < 20;
BEGIN
  -- A document moves a line or two: looked up by key, planned once. A whole budget: planned for its length.
  PERFORM set_config('plan_cache_mode', CASE WHEN v_few THEN 'force_generic_plan' ELSE 'force_custom_plan' END, true),
          set_config('enable_hashjoin', CASE WHEN v_few THEN 'off' ELSE 'on' END, true),
          set_config('enable_mergejoin', CASE WHEN v_few THEN 'off' ELSE 'on' END, true),
          set_config('enable_seqscan', CASE WHEN v_few THEN 'off' ELSE 'on' END, true);
  PERFORM ledger_lock(p_entity);
  IF v_key IS NULL OR v_year IS NULL OR v_on IS NULL OR v_document IS NULL OR coalesce(v_kind, '') = ''
     OR jsonb_array_length(v_moves) + jsonb_array_length(coalesce(p_request->'explanations', '[]')) = 0 THEN
    PERFORM ledger_refuse(budget_refusal(0, 'budget.request_incomplete', '{}'));
  END IF;
  SELECT * INTO v_known FROM budget_entry e WHERE e.entity_id = p_entity AND e.idempotency_key = v_key;
  IF FOUND THEN
    IF v_known.content_hash <> v_hash THEN
      PERFORM ledger_refuse(budget_refusal(0, 'budget.idempotency_conflict', jsonb_build_object('document', v_known.document_label)));
    END IF;
    RETURN QUERY SELECT v_known.fiscal_year, v_known.entry_no, true;
    RETURN;
  END IF;
  SELECT 1 + coalesce(max(e.entry_no), 0) INTO v_entry FROM budget_entry e WHERE e.entity_id = p_entity AND e.fiscal_year = v_year;
  INSERT INTO budget_entry VALUES (p_entity, v_year, v_entry, p_act, v_kind, v_document, coalesce(p_request->'document'->>'label', ''),
    v_on, clock_timestamp(), p_actor_id, p_actor_name, v_key, v_hash);
  v_found := budget_open_lines(p_entity, v_year, v_entry, p_request);
  IF v_found IS NOT NULL THEN PERFORM ledger_refuse(v_found); END IF;
  FOR v_move IN SELECT m.* FROM ROWS FROM (jsonb_to_recordset(v_moves) AS (line_id uuid, kind text, amount numeric, hold_id uuid,
      from_hold_id uuid)) WITH ORDINALITY AS m (line_id, kind, amount, hold_id, from_hold_id, no) LOOP
    SELECT * INTO v_step FROM budget_step(p_entity, v_year, v_entry, v_on, v_move.no::int, v_move.line_id, v_move.kind, v_move.amount,
      v_move.hold_id, v_move.from_hold_id);
    IF v_step.o_refusal IS NOT NULL THEN v_refusals := v_refusals || v_step.o_refusal; CONTINUE; END IF;
    v_transfers := v_transfers OR v_move.kind IN ('transfer_in', 'transfer_out');
    v_gives := v_gives OR v_move.kind IN ('approve', 'supplement', 'withdraw');
    v_row := ROW(p_entity, v_year, v_entry, v_move.no, v_move.line_id, v_move.kind, v_move.amount, v_step.o_from, v_step.o_to, v_on,
      v_move.hold_id, v_move.from_hold_id);
    v_rows := v_rows || v_row;
  END LOOP;
  IF v_transfers THEN v_refusals := v_refusals || coalesce(budget_transfer_refusals(p_entity, v_year, v_moves), '[]'); END IF;
  IF v_gives AND NOT budget_gives_appropriation(p_entity, v_year, v_document) THEN
    v_refusals := v_refusals || budget_refusal(0, 'budget.ordinance_not_announced', '{}');
  END IF;
  v_changes := v_transfers OR v_kind IN ('transfer', 'explanation')
    OR p_request ? 'explanations' AND NOT budget_gives_appropriation(p_entity, v_year, v_document);
  IF v_changes AND jsonb_array_length(v_refusals) = 0 THEN
    v_refusals := v_refusals || coalesce(budget_change_refusals(p_entity, v_year, v_entry, p_request), '[]');
  END IF;
  v_refusals := v_refusals || coalesce(budget_shortages(p_entity, v_year, v_rows), '[]');
  IF jsonb_array_length(v_refusals) > 0 THEN PERFORM ledger_refuse(v_refusals); END IF;
  INSERT INTO budget_movement SELECT r.* FROM unnest(v_rows) AS r;
  PERFORM budget_apply(p_entity, v_year, v_rows);
  v_found := budget_grant_refusals(p_entity, v_year, v_document, v_rows);
  IF jsonb_array_length(v_found) > 0 THEN PERFORM ledger_refuse(v_found); END IF;
  IF v_changes THEN PERFORM budget_approve(p_entity, v_entry, v_on, p_actor_name, p_request); END IF;
  PERFORM audit_record(p_entity, p_act, v_kind || ':' || v_document, jsonb_build_object('fiscal_year', v_year, 'entry', v_entry,
    'moves', cardinality(v_rows), 'hash', encode(v_hash, 'hex'))::text, p_actor_id, p_actor_name, p_request_id);
  RETURN QUERY SELECT v_year, v_entry, false;
END $$;

-- Which lines do not exist, and which have less than these moves take: asked, available and short of each (R118, V18).
CREATE OR REPLACE FUNCTION budget_shortages(p_entity bigint, p_year int, p_rows budget_movement[]) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT jsonb_agg(CASE WHEN b.line_id IS NULL
               THEN ledger_refusal('budget.line_unknown', format('moves.%s', x.first_no - 1), jsonb_build_object('line', coalesce(x.line_id::text, '-')))
               ELSE ledger_refusal('budget.not_enough', format('moves.%s', x.first_no - 1), jsonb_build_object(
                 'line', budget_line_label(p_entity, p_year, x.line_id), 'asked', x.asked::text, 'available', b.available::text,
                 'short', (x.asked - b.available)::text)) END ORDER BY x.first_no)
    FROM (SELECT r.line_id, min(r.move_no) AS first_no, sum(CASE
              -- What leaves the available part, less what comes into it.
              WHEN r.kind IN ('approve', 'supplement', 'transfer_in', 'refund') THEN -r.amount
              WHEN r.kind IN ('transfer_out', 'withdraw') THEN r.amount
              WHEN r.from_pot = '' AND r.to_pot <> '' THEN r.amount
              WHEN r.from_pot <> '' AND r.to_pot = '' THEN -r.amount ELSE 0 END) AS asked
            FROM unnest(p_rows) AS r GROUP BY r.line_id) AS x
    LEFT JOIN budget_balance b ON b.entity_id = p_entity AND b.fiscal_year = p_year AND b.line_id = x.line_id
   WHERE b.line_id IS NULL OR b.available < x.asked);
END $$;

CREATE OR REPLACE FUNCTION budget_apply(p_entity bigint, p_year int, p_rows budget_movement[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE budget_balance AS b SET
      approved = b.approved + d.approved, transferred_in = b.transferred_in + d.transferred_in,
      transferred_out = b.transferred_out + d.transferred_out, supplemented = b.supplemented + d.supplemented,
      reserved = b.reserved + d.reserved, obligated = b.obligated + d.obligated, requested = b.requested + d.requested,
      advanced = b.advanced + d.advanced, carried = b.carried + d.carried, paid = b.paid + d.paid, refunded = b.refunded + d.refunded
    FROM (SELECT x.line_id,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'approved'), 0) AS approved,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'transferred_in'), 0) AS transferred_in,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'transferred_out'), 0) AS transferred_out,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'supplemented'), 0) AS supplemented,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'reserved'), 0) AS reserved,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'obligated'), 0) AS obligated,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'requested'), 0) AS requested,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'advanced'), 0) AS advanced,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'carried'), 0) AS carried,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'paid'), 0) AS paid,
        coalesce(sum(x.amount) FILTER (WHERE x.pot = 'refunded'), 0) AS refunded
      FROM (SELECT r.line_id, r.to_pot AS pot, r.amount FROM unnest(p_rows) AS r
            UNION ALL SELECT r.line_id, r.from_pot, -r.amount FROM unnest(p_rows) AS r) AS x GROUP BY x.line_id) AS d
   WHERE b.entity_id = p_entity AND b.fiscal_year = p_year AND b.line_id = d.line_id;
END $$;

-- The tenant's lock alone, for a command that gives a number before it moves money: locked twice is locked once.
CREATE OR REPLACE FUNCTION budget_lock(p_entity bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM ledger_lock(p_entity);
END $$;

-- The application may call these two; the inner ones stay with the owner.
DO $$
DECLARE f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS name, p.proname FROM pg_proc p
            WHERE p.proname LIKE 'budget\_%' AND p.pronamespace = 'public'::regnamespace LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
    IF f.proname IN ('budget_move', 'budget_lock') THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO khlang_app', f.name); END IF;
  END LOOP;
END $$;
