-- What binds the lines of a grant, asked by budget_move(). Run again after every change: each statement replaces its own.
-- The twins in Python are budget.rules.binding_clock and check_money.

-- What documents ask of the cash of a grant or have paid of it; what its lines have in all.
CREATE OR REPLACE FUNCTION budget_grant_sums(p_entity bigint, p_grant uuid, OUT o_given numeric, OUT o_drawn numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT coalesce(sum(b.approved), 0), coalesce(sum(b.requested + b.advanced + b.paid - b.refunded), 0) INTO o_given, o_drawn
    FROM budget_line l JOIN budget_balance b USING (entity_id, fiscal_year, line_id)
   WHERE l.entity_id = p_entity AND l.grant_id = p_grant;
END $$;

-- Cash that came of a grant, and cash that is there: what came and is lent, less what left again (R201).
CREATE OR REPLACE FUNCTION budget_grant_cash(p_entity bigint, p_grant uuid, OUT o_received numeric, OUT o_in_hand numeric, OUT o_owed numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT coalesce(sum(m.amount) FILTER (WHERE m.kind = 'received'), 0),
         coalesce(sum(CASE WHEN m.kind IN ('received', 'lent') THEN m.amount ELSE -m.amount END), 0),
         coalesce(sum(CASE m.kind WHEN 'lent' THEN m.amount WHEN 'cleared' THEN -m.amount ELSE 0 END), 0)
    INTO o_received, o_in_hand, o_owed
    FROM budget_grant_money m WHERE m.entity_id = p_entity AND m.grant_id = p_grant;
END $$;

-- The days that bind now (R203): the state's clock until all of it came, the own one for what came, the earlier between.
CREATE OR REPLACE FUNCTION budget_grant_deadline(p_entity bigint, p_grant uuid, OUT o_obligate_by date, OUT o_spend_by date)
LANGUAGE plpgsql STABLE AS $$
DECLARE v_place text; v_given numeric; v_received numeric;
BEGIN
  SELECT g.place INTO v_place FROM budget_grant g WHERE g.entity_id = p_entity AND g.id = p_grant;
  SELECT s.o_given INTO v_given FROM budget_grant_sums(p_entity, p_grant) AS s;
  SELECT c.o_received INTO v_received FROM budget_grant_cash(p_entity, p_grant) AS c;
  -- Without a clock nothing may be spent.
  SELECT coalesce(min(k.obligate_by), '-infinity'), coalesce(min(k.spend_by), '-infinity') INTO o_obligate_by, o_spend_by
    FROM (SELECT DISTINCT ON (c.layer) c.layer, c.obligate_by, c.spend_by FROM budget_grant_clock c
           WHERE c.entity_id = p_entity AND c.grant_id = p_grant ORDER BY c.layer, c.version_no DESC) AS k
   WHERE CASE WHEN v_place = 'state' OR v_received = 0 THEN k.layer = 'state'
              WHEN v_received >= v_given THEN k.layer = 'own' ELSE true END;
END $$;

-- Why one move on a line of a grant cannot be, or NULL (R200, R203, R204). Giving back is never too late.
CREATE OR REPLACE FUNCTION budget_grant_step(p_entity bigint, p_year int, p_on date, p_no int, p_line uuid, p_grant uuid, p_kind text,
    p_stage text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE v_days record; v_label text := budget_line_label(p_entity, p_year, p_line);
BEGIN
  IF p_kind IN ('transfer_in', 'transfer_out', 'supplement') THEN
    RETURN budget_refusal(p_no, 'budget.grant_not_diverted', jsonb_build_object('line', v_label));
  ELSIF p_kind = 'carry' THEN
    RETURN budget_refusal(p_no, 'budget.grant_has_its_clocks', jsonb_build_object('line', v_label));
  ELSIF p_kind IN ('refund', 'release', 'cancel', 'withdraw', 'approve') THEN
    RETURN NULL;
  END IF;
  SELECT * INTO v_days FROM budget_grant_deadline(p_entity, p_grant);
  -- What no contract holds yet is obligated by this move.
  IF (p_kind IN ('reserve', 'obligate') OR p_kind IN ('request', 'advance') AND coalesce(p_stage, 'reserved') = 'reserved')
     AND p_on > v_days.o_obligate_by THEN
    RETURN budget_refusal(p_no, 'budget.grant_obligated_too_late', jsonb_build_object('line', v_label, 'date', p_on, 'deadline', v_days.o_obligate_by));
  ELSIF p_on > v_days.o_spend_by THEN
    RETURN budget_refusal(p_no, 'budget.grant_spent_too_late', jsonb_build_object('line', v_label, 'date', p_on, 'deadline', v_days.o_spend_by));
  END IF;
  RETURN NULL;
END $$;

-- After the moves: appropriation rests on the very grant of its line and never exceeds it; nothing is asked for before its
-- cash came or was lent (R201). Money that the state pays out itself has no cash here.
CREATE OR REPLACE FUNCTION budget_grant_refusals(p_entity bigint, p_year int, p_document uuid, p_rows budget_movement[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE v_found jsonb := '[]'; v_grant record; v_wrong text;
BEGIN
  -- Most documents touch no grant: one look by key tells.
  IF NOT EXISTS (SELECT FROM unnest(p_rows) AS r JOIN budget_line l ON l.entity_id = p_entity AND l.fiscal_year = p_year
                   AND l.line_id = r.line_id WHERE l.grant_id IS NOT NULL)
     AND NOT EXISTS (SELECT FROM budget_grant g WHERE g.entity_id = p_entity AND g.id = p_document) THEN
    RETURN v_found;
  END IF;
  SELECT budget_line_label(p_entity, p_year, l.line_id) INTO v_wrong FROM unnest(p_rows) AS r
    JOIN budget_line l ON l.entity_id = p_entity AND l.fiscal_year = p_year AND l.line_id = r.line_id
    LEFT JOIN budget_grant g ON g.entity_id = p_entity AND g.id = p_document
   WHERE r.kind IN ('approve', 'withdraw') AND l.grant_id IS DISTINCT FROM g.id LIMIT 1;
  IF v_wrong IS NOT NULL THEN
    v_found := v_found || budget_refusal(0, 'budget.grant_of_other_letter', jsonb_build_object('line', v_wrong));
  END IF;
  FOR v_grant IN
    SELECT g.id, g.letter_number, g.place, g.amount, g.state, s.o_given AS given, s.o_drawn AS drawn, c.o_in_hand AS in_hand
      FROM budget_grant g, budget_grant_sums(p_entity, g.id) AS s, budget_grant_cash(p_entity, g.id) AS c
     WHERE g.entity_id = p_entity AND g.id IN (SELECT l.grant_id FROM unnest(p_rows) AS r
       JOIN budget_line l ON l.entity_id = p_entity AND l.fiscal_year = p_year AND l.line_id = r.line_id) LOOP
    IF v_grant.given > v_grant.amount THEN
      v_found := v_found || budget_refusal(0, 'budget.grant_does_not_add_up', jsonb_build_object('lines', v_grant.given::text,
        'amount', v_grant.amount::text, 'difference', (v_grant.given - v_grant.amount)::text));
    END IF;
    -- A letter gives once: what went back is not given again.
    IF v_grant.state <> 'draft' AND EXISTS (SELECT FROM unnest(p_rows) AS r WHERE r.kind = 'approve') THEN
      v_found := v_found || budget_refusal(0, 'budget.document_is_settled', jsonb_build_object('state', v_grant.state));
    END IF;
    IF v_grant.place = 'own' AND v_grant.drawn > v_grant.in_hand
       AND EXISTS (SELECT FROM unnest(p_rows) AS r WHERE r.kind IN ('request', 'advance')) THEN
      v_found := v_found || budget_refusal(0, 'budget.grant_money_not_there', jsonb_build_object('letter', v_grant.letter_number,
        'asked', v_grant.drawn::text, 'there', v_grant.in_hand::text, 'short', (v_grant.drawn - v_grant.in_hand)::text));
    END IF;
  END LOOP;
  RETURN v_found;
END $$;

-- Cash of a grant keeps within what was notified, owed and free, whoever writes it.
CREATE OR REPLACE FUNCTION budget_grant_money_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_grant budget_grant; v_cash record; v_drawn numeric;
BEGIN
  -- Nothing is asked for while the cash changes: the lock that budget_move() takes.
  PERFORM ledger_lock(NEW.entity_id);
  SELECT * INTO v_grant FROM budget_grant g WHERE g.entity_id = NEW.entity_id AND g.id = NEW.grant_id;
  SELECT * INTO v_cash FROM budget_grant_cash(NEW.entity_id, NEW.grant_id);
  SELECT s.o_drawn INTO v_drawn FROM budget_grant_sums(NEW.entity_id, NEW.grant_id) AS s;
  IF v_grant.state <> 'open' OR v_grant.place <> 'own' OR v_cash.o_received > v_grant.amount OR v_cash.o_owed < 0
     OR (NEW.kind = 'lent' AND v_cash.o_received + v_cash.o_owed > v_grant.amount) OR v_cash.o_in_hand < v_drawn THEN
    RAISE EXCEPTION 'budget.grant_money_does_not_fit' USING ERRCODE = 'KL003', DETAIL = jsonb_build_array(jsonb_build_object(
      'code', 'budget.grant_money_does_not_fit', 'where', 'amount', 'facts', jsonb_build_object('letter', v_grant.letter_number)))::text;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER money_fits AFTER INSERT ON budget_grant_money FOR EACH ROW EXECUTE FUNCTION budget_grant_money_fits();
