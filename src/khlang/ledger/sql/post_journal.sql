-- One posting, whole, in one round trip. Order of work, which is also the lock order:
-- read the request -> tenant lock -> replay -> check -> number -> hash -> journals, lines -> balances -> idempotency -> audit.
-- The request is a list; a single journal is a list of one. All of it is posted or none.

CREATE TYPE ledger_head AS (
  ordinal int, idempotency_key uuid, journal_date date, fiscal_year int, period smallint, kind text, description text,
  source_area text, source_id uuid, reverses_year int, reverses_no bigint);
CREATE TYPE ledger_line AS (
  ordinal int, line_no int, account_code text, sub_account text, fund_source text, budget_type text,
  debit numeric, credit numeric, description text);
-- What is settled about a journal before it is written.
CREATE TYPE ledger_entry AS (
  head ledger_head, content text, content_hash bytea, series text, number int, sequence_no bigint,
  posted_at timestamptz, previous_hash bytea, hash bytea);

CREATE FUNCTION ledger_refuse(p_refusals jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', p_refusals->0->>'code' USING ERRCODE = 'KL001', DETAIL = p_refusals::text;
END $$;

CREATE FUNCTION ledger_refusal(p_code text, p_where text, p_facts jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN jsonb_build_object('code', p_code, 'where', p_where, 'facts', p_facts);
END $$;

CREATE FUNCTION ledger_check_entity(p_entity bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_entity IS DISTINCT FROM nullif(current_setting('khlang.entity_id', true), '')::bigint THEN
    PERFORM ledger_refuse(jsonb_build_array(ledger_refusal('ledger.wrong_entity', '', '{}')));
  END IF;
END $$;

-- The one canonical text of a journal. khlang.ledger.canonical is its twin in Python; a test holds them together.
CREATE FUNCTION ledger_content(h ledger_head, p_lines text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN concat_ws(E'\x1f', h.journal_date::text, h.fiscal_year::text, h.period::text, h.kind, h.description,
    h.source_area, coalesce(h.source_id::text, ''), coalesce(h.reverses_year::text, ''), coalesce(h.reverses_no::text, ''))
    || E'\x1e' || p_lines;
END $$;

CREATE FUNCTION ledger_read_lines(p_journals jsonb) RETURNS ledger_line[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT array_agg(ROW(j.ordinal, l.line_no, l.account, coalesce(l.sub_account, ''), l.fund_source,
                               l.budget_type, coalesce(l.debit, 0), coalesce(l.credit, 0), coalesce(l.description, ''))::ledger_line
                           ORDER BY j.ordinal, l.line_no)
    FROM jsonb_array_elements(p_journals) WITH ORDINALITY AS j (body, ordinal),
         ROWS FROM (jsonb_to_recordset(j.body->'lines') AS (account text, sub_account text, fund_source text, budget_type text,
                    debit numeric, credit numeric, description text)) WITH ORDINALITY
           AS l (account, sub_account, fund_source, budget_type, debit, credit, description, line_no));
END $$;

CREATE FUNCTION ledger_read_heads(p_journals jsonb) RETURNS ledger_head[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT array_agg(ROW(h.ordinal, h.idempotency_key, h.date, h.fiscal_year, h.period, h.kind, h.description,
                               coalesce(h.source_area, ''), h.source_id, h.reverses_year, h.reverses_no)::ledger_head ORDER BY h.ordinal)
    FROM ROWS FROM (jsonb_to_recordset(p_journals) AS (idempotency_key uuid, date date, fiscal_year int, period smallint,
                    kind text, description text, source_area text, source_id uuid, reverses_year int, reverses_no bigint))
         WITH ORDINALITY AS h (idempotency_key, date, fiscal_year, period, kind, description, source_area, source_id,
                               reverses_year, reverses_no, ordinal));
END $$;

-- Is everything right? The fast answer, one pass over heads and lines. When it says no, ledger_explain says why.
-- IS TRUE stands inside bool_and, which passes over unknowns: what is not found is not right.
CREATE FUNCTION ledger_all_right(p_entity bigint, p_heads ledger_head[], p_lines ledger_line[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE v_lines_right boolean;
BEGIN
  SELECT bool_and(x.ok AND x.debit = x.credit AND x.lines >= 2) AND count(*) = cardinality(p_heads) INTO v_lines_right
    FROM (SELECT l.ordinal, count(*) AS lines, sum(l.debit) AS debit, sum(l.credit) AS credit,
                 bool_and((a.is_postable AND h.fiscal_year BETWEEN a.valid_from_year AND coalesce(a.valid_to_year, 9999)
                   AND f.code IS NOT NULL AND (l.budget_type IS NULL OR b.code IS NOT NULL)
                   AND (l.sub_account = '' OR s.is_open)
                   AND ((l.debit > 0 AND l.credit = 0) OR (l.credit > 0 AND l.debit = 0))
                   AND scale(l.debit) <= 2 AND scale(l.credit) <= 2 AND l.debit + l.credit < 1000000000000000
                   AND l.description !~ '[[:cntrl:]]') IS TRUE) AS ok
            FROM unnest(p_lines) AS l
            JOIN unnest(p_heads) AS h ON h.ordinal = l.ordinal
            LEFT JOIN reference_account a ON a.code = l.account_code
            LEFT JOIN reference_fund_source f ON f.code = l.fund_source
            LEFT JOIN reference_budget_type b ON b.code = l.budget_type
            LEFT JOIN ledger_sub_account s ON s.entity_id = p_entity AND s.account_code = l.account_code AND s.sub_account = l.sub_account
           GROUP BY l.ordinal) AS x;
  RETURN coalesce(v_lines_right, false) AND NOT EXISTS (
    SELECT FROM unnest(p_heads) AS h
      LEFT JOIN ledger_period p ON p.entity_id = p_entity AND p.fiscal_year = h.fiscal_year AND p.period = h.period
      LEFT JOIN reference_journal_kind k ON k.code = h.kind
     WHERE p.state IS DISTINCT FROM 'open' OR k.code IS NULL OR h.idempotency_key IS NULL OR h.journal_date IS NULL
        OR btrim(coalesce(h.description, '')) = '' OR h.description ~ '[[:cntrl:]]' OR ledger_period_fits(h) IS NOT TRUE);
END $$;

-- Does the day lie in the period? Opening is the first day of the year, closing the last; their kinds belong there.
CREATE FUNCTION ledger_period_fits(h ledger_head) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE
    WHEN h.period = 0 THEN h.journal_date = make_date(h.fiscal_year - 544, 10, 1) AND h.kind = 'opening'
    WHEN h.period = 13 THEN h.journal_date = make_date(h.fiscal_year - 543, 9, 30) AND h.kind <> 'opening'
    ELSE h.kind NOT IN ('opening', 'closing')
         AND extract(year FROM h.journal_date)::int + 543 + (extract(month FROM h.journal_date) >= 10)::int = h.fiscal_year
         AND (extract(month FROM h.journal_date)::int + 2) % 12 + 1 = h.period END;
END $$;

-- Every reason at once, most basic first, each with its journal and line ("journals.0.lines.2.account").
CREATE FUNCTION ledger_explain(p_entity bigint, p_heads ledger_head[], p_lines ledger_line[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT jsonb_agg(ledger_refusal(r.code, format('journals.%s%s', r.ordinal - 1, r.place), r.facts)
                           ORDER BY r.rank, r.ordinal, r.place) FROM (
    SELECT 1 AS rank, h.ordinal, '' AS place, 'ledger.request_incomplete' AS code, '{}'::jsonb AS facts FROM unnest(p_heads) h
     WHERE h.idempotency_key IS NULL OR h.journal_date IS NULL OR h.fiscal_year IS NULL OR h.period IS NULL
    UNION ALL SELECT 1, h.ordinal, '.description', 'ledger.description_missing', '{}' FROM unnest(p_heads) h
     WHERE btrim(coalesce(h.description, '')) = ''
    UNION ALL SELECT 1, h.ordinal, '.description', 'ledger.text_not_printable', '{}' FROM unnest(p_heads) h
     WHERE h.description ~ '[[:cntrl:]]'
    UNION ALL SELECT 2, h.ordinal, '.kind', 'ledger.kind_unknown', jsonb_build_object('kind', h.kind) FROM unnest(p_heads) h
     WHERE NOT EXISTS (SELECT FROM reference_journal_kind k WHERE k.code = h.kind)
    UNION ALL SELECT 3, h.ordinal, '.lines', 'ledger.too_few_lines', jsonb_build_object('lines', count(l.ordinal))
      FROM unnest(p_heads) h LEFT JOIN unnest(p_lines) l ON l.ordinal = h.ordinal GROUP BY h.ordinal HAVING count(l.ordinal) < 2
    UNION ALL SELECT 4, b.ordinal, format('.lines.%s%s', b.line_no - 1, b.place), b.code, b.facts
      FROM ledger_line_refusals(p_entity, p_heads, p_lines) AS b
    UNION ALL SELECT 5, l.ordinal, '.lines', 'ledger.unbalanced', jsonb_build_object('debit', sum(l.debit)::text,
             'credit', sum(l.credit)::text, 'difference', abs(sum(l.debit) - sum(l.credit))::text)
      FROM unnest(p_lines) l GROUP BY l.ordinal HAVING sum(l.debit) <> sum(l.credit)
    UNION ALL SELECT 6, h.ordinal, '.date', CASE WHEN y.fiscal_year IS NULL THEN 'ledger.year_not_open'
             WHEN NOT ledger_period_fits(h) THEN 'ledger.date_outside_period'
             WHEN p.state = 'closed' THEN 'ledger.period_closed' ELSE 'ledger.period_soft_closed' END,
           jsonb_build_object('fiscal_year', h.fiscal_year, 'period', h.period, 'date', h.journal_date)
      FROM unnest(p_heads) h
      LEFT JOIN ledger_fiscal_year y ON y.entity_id = p_entity AND y.fiscal_year = h.fiscal_year
      LEFT JOIN ledger_period p ON p.entity_id = p_entity AND p.fiscal_year = h.fiscal_year AND p.period = h.period
     WHERE p.state IS DISTINCT FROM 'open' OR NOT coalesce(ledger_period_fits(h), false)
    UNION ALL SELECT 7, h.ordinal, '.reverses', q.code, jsonb_build_object('fiscal_year', h.reverses_year, 'sequence_no', h.reverses_no)
      FROM unnest(p_heads) h, ledger_reversal_refusal(p_entity, h, p_lines) AS q (code)
     WHERE h.reverses_no IS NOT NULL AND q.code IS NOT NULL) AS r);
END $$;

CREATE FUNCTION ledger_line_refusals(p_entity bigint, p_heads ledger_head[], p_lines ledger_line[])
RETURNS TABLE (ordinal int, line_no int, place text, code text, facts jsonb) LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY SELECT l.ordinal, l.line_no, x.place, x.code, x.facts
    FROM unnest(p_lines) AS l
    JOIN unnest(p_heads) AS h ON h.ordinal = l.ordinal
    LEFT JOIN reference_account a ON a.code = l.account_code
    LEFT JOIN ledger_sub_account s ON s.entity_id = p_entity AND s.account_code = l.account_code AND s.sub_account = l.sub_account
    CROSS JOIN LATERAL (VALUES
      (l.debit > 0 AND l.credit > 0, '.debit', 'ledger.line_two_sided', '{}'::jsonb),
      (l.debit = 0 AND l.credit = 0, '.debit', 'ledger.line_without_amount', '{}'),
      (l.debit < 0 OR l.credit < 0, '.debit', 'ledger.amount_negative', jsonb_build_object('amount', least(l.debit, l.credit)::text)),
      (scale(l.debit) > 2 OR scale(l.credit) > 2, '.debit', 'ledger.amount_too_many_decimals', '{}'),
      (greatest(l.debit, l.credit) >= 1000000000000000, '.debit', 'ledger.amount_too_large', '{}'),
      (l.description ~ '[[:cntrl:]]', '.description', 'ledger.text_not_printable', '{}'),
      (a.code IS NULL OR (l.sub_account <> '' AND s.sub_account IS NULL), '.account', 'ledger.account_unknown',
         jsonb_build_object('account', concat_ws('-', l.account_code, nullif(l.sub_account, '')))),
      (NOT a.is_postable, '.account', 'ledger.account_not_postable', jsonb_build_object('account', a.code, 'name', a.name_th)),
      (NOT s.is_open, '.account', 'ledger.account_closed', jsonb_build_object('account', a.code || '-' || s.sub_account, 'name', s.name_th)),
      (h.fiscal_year NOT BETWEEN a.valid_from_year AND coalesce(a.valid_to_year, 9999), '.account', 'ledger.account_not_in_chart',
         jsonb_build_object('account', a.code, 'fiscal_year', h.fiscal_year, 'mapped', coalesce(nullif(a.mapped_code, ''), '-'))),
      (NOT EXISTS (SELECT FROM reference_fund_source f WHERE f.code = l.fund_source), '.fund_source', 'ledger.fund_source_unknown',
         jsonb_build_object('fund_source', coalesce(l.fund_source, ''))),
      (l.budget_type IS NOT NULL AND NOT EXISTS (SELECT FROM reference_budget_type b WHERE b.code = l.budget_type), '.budget_type',
         'ledger.budget_type_unknown', jsonb_build_object('budget_type', l.budget_type))
    ) AS x (wrong, place, code, facts) WHERE x.wrong;
END $$;

-- A reversal names a posted journal, once, and is its exact mirror.
CREATE FUNCTION ledger_reversal_refusal(p_entity bigint, h ledger_head, p_lines ledger_line[]) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_journal j WHERE j.entity_id = p_entity AND j.fiscal_year = h.reverses_year
                 AND j.sequence_no = h.reverses_no) THEN RETURN 'ledger.journal_unknown'; END IF;
  IF EXISTS (SELECT FROM ledger_reversal r WHERE r.entity_id = p_entity AND r.fiscal_year = h.reverses_year
             AND r.sequence_no = h.reverses_no) THEN RETURN 'ledger.already_reversed'; END IF;
  IF EXISTS (
    (SELECT l.line_no, l.account_code, l.sub_account, l.fund_source, l.budget_type, l.credit, l.debit
       FROM ledger_journal_line l WHERE l.entity_id = p_entity AND l.fiscal_year = h.reverses_year AND l.sequence_no = h.reverses_no
     EXCEPT SELECT n.line_no, n.account_code, n.sub_account, n.fund_source, n.budget_type, n.debit, n.credit
       FROM unnest(p_lines) n WHERE n.ordinal = h.ordinal)
    UNION ALL
    (SELECT n.line_no, n.account_code, n.sub_account, n.fund_source, n.budget_type, n.debit, n.credit
       FROM unnest(p_lines) n WHERE n.ordinal = h.ordinal
     EXCEPT SELECT l.line_no, l.account_code, l.sub_account, l.fund_source, l.budget_type, l.credit, l.debit
       FROM ledger_journal_line l WHERE l.entity_id = p_entity AND l.fiscal_year = h.reverses_year AND l.sequence_no = h.reverses_no)
  ) THEN RETURN 'ledger.reversal_not_mirror'; END IF;
  RETURN NULL;
END $$;

-- Number and chain: fills series, number, sequence, time and hashes of each entry, in order, and moves the head.
CREATE FUNCTION ledger_chain(p_entity bigint, p_entries ledger_entry[], p_actor_id bigint, p_actor_name text, p_batch uuid,
                             p_head ledger_chain_head) RETURNS ledger_entry[] LANGUAGE plpgsql AS $$
DECLARE v_entry ledger_entry; v_done ledger_entry[] := '{}'; v_sequence bigint := p_head.sequence_no; v_hash bytea := p_head.hash;
        v_next jsonb := '{}'; v_series record; v_key text; v_at timestamptz;
BEGIN
  FOR v_series IN SELECT (e.head).fiscal_year AS fiscal_year, e.series, count(*)::int AS wanted FROM unnest(p_entries) e GROUP BY 1, 2 LOOP
    INSERT INTO ledger_series AS s VALUES (p_entity, v_series.fiscal_year, v_series.series, v_series.wanted)
      ON CONFLICT (entity_id, fiscal_year, series) DO UPDATE SET last_number = s.last_number + v_series.wanted
      RETURNING last_number - v_series.wanted INTO v_series.wanted;
    v_next := v_next || jsonb_build_object(v_series.fiscal_year || v_series.series, v_series.wanted);
  END LOOP;
  -- One instant for the whole call, taken under the lock: it only ever grows along the chain.
  v_at := clock_timestamp();
  FOREACH v_entry IN ARRAY p_entries LOOP
    v_key := (v_entry.head).fiscal_year || v_entry.series;
    v_entry.number := (v_next->>v_key)::int + 1;
    v_next := jsonb_set(v_next, ARRAY[v_key], to_jsonb(v_entry.number));
    v_sequence := v_sequence + 1;
    v_entry.sequence_no := v_sequence;
    v_entry.posted_at := v_at;
    v_entry.previous_hash := v_hash;
    v_hash := sha256(v_hash || convert_to(concat_ws(E'\x1f', 'khlang-1', p_entity::text, v_sequence::text, v_entry.series,
      v_entry.number::text, coalesce(p_batch::text, ''), to_char(v_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      p_actor_id::text, p_actor_name, (v_entry.head).idempotency_key::text) || E'\x1d' || v_entry.content, 'UTF8'));
    v_entry.hash := v_hash;
    v_done := v_done || v_entry;
  END LOOP;
  UPDATE ledger_chain_head c SET sequence_no = v_sequence, hash = v_hash WHERE c.entity_id = p_entity;
  RETURN v_done;
END $$;

CREATE FUNCTION ledger_write(p_entity bigint, p_entries ledger_entry[], p_lines ledger_line[], p_actor_id bigint, p_actor_name text,
                             p_batch uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_journal SELECT p_entity, (e.head).fiscal_year, e.sequence_no, e.series, e.number, (e.head).kind, (e.head).period,
      (e.head).journal_date, (e.head).description, (e.head).source_area, (e.head).source_id, p_batch, (e.head).reverses_year,
      (e.head).reverses_no, e.posted_at, p_actor_id, p_actor_name, (e.head).idempotency_key, e.previous_hash, e.hash
    FROM unnest(p_entries) AS e;
  INSERT INTO ledger_journal_line SELECT p_entity, (e.head).fiscal_year, e.sequence_no, l.line_no, (e.head).period,
      (e.head).journal_date, l.account_code, l.sub_account, l.fund_source, l.budget_type, l.debit, l.credit, l.description
    FROM unnest(p_lines) AS l JOIN unnest(p_entries) AS e ON (e.head).ordinal = l.ordinal;
  INSERT INTO ledger_account_balance AS b SELECT p_entity, (e.head).fiscal_year, (e.head).period, l.account_code, l.sub_account,
      l.fund_source, sum(l.debit), sum(l.credit)
    FROM unnest(p_lines) AS l JOIN unnest(p_entries) AS e ON (e.head).ordinal = l.ordinal GROUP BY 2, 3, 4, 5, 6
    ON CONFLICT (entity_id, fiscal_year, period, account_code, sub_account, fund_source)
    DO UPDATE SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  INSERT INTO ledger_reversal SELECT p_entity, (e.head).reverses_year, (e.head).reverses_no, (e.head).fiscal_year, e.sequence_no
    FROM unnest(p_entries) AS e WHERE (e.head).reverses_no IS NOT NULL;
  INSERT INTO ledger_idempotency SELECT p_entity, (e.head).idempotency_key, (e.head).fiscal_year, e.sequence_no, e.content_hash
    FROM unnest(p_entries) AS e;
END $$;

CREATE FUNCTION ledger_prepare(p_heads ledger_head[], p_lines ledger_line[]) RETURNS ledger_entry[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT array_agg(ROW(h, c.content, sha256(convert_to(c.content, 'UTF8')), k.series, NULL, NULL, NULL, NULL, NULL)::ledger_entry
                           ORDER BY h.ordinal)
    FROM unnest(p_heads) AS h
    LEFT JOIN reference_journal_kind k ON k.code = h.kind
    LEFT JOIN (SELECT l.ordinal, string_agg(concat_ws(E'\x1f', l.line_no::text, l.account_code, l.sub_account,
                      l.fund_source, coalesce(l.budget_type, ''), round(l.debit, 2)::text, round(l.credit, 2)::text,
                      l.description), E'\x1e' ORDER BY l.line_no) AS text
                 FROM unnest(p_lines) AS l GROUP BY l.ordinal) AS x ON x.ordinal = h.ordinal
    CROSS JOIN LATERAL (SELECT ledger_content(h, coalesce(x.text, '')) AS content) AS c);
END $$;

-- How many of these keys has the entity used before?
CREATE FUNCTION ledger_known_keys(p_entity bigint, p_heads ledger_head[]) RETURNS int LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT count(*) FROM ledger_idempotency i
           WHERE i.entity_id = p_entity AND i.idempotency_key = ANY (SELECT h.idempotency_key FROM unnest(p_heads) AS h));
END $$;

CREATE FUNCTION ledger_post_journals(p_entity bigint, p_actor_id bigint, p_actor_name text, p_request_id text, p_batch uuid,
                                     p_journals jsonb)
RETURNS TABLE (ordinal int, fiscal_year int, sequence_no bigint, series text, number int, period smallint, journal_date date, replayed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = auto SET enable_hashjoin = on SET jit = off AS $$
#variable_conflict use_column
DECLARE v_heads ledger_head[]; v_lines ledger_line[]; v_entries ledger_entry[]; v_refusals jsonb; v_head ledger_chain_head;
        v_right boolean;
BEGIN
  PERFORM ledger_check_entity(p_entity);
  v_heads := ledger_read_heads(p_journals);
  v_lines := ledger_read_lines(p_journals);
  -- One journal: planning would cost more than the work. A long list: a plan made for its length pays.
  PERFORM set_config('plan_cache_mode', CASE WHEN cardinality(v_heads) < 10 THEN 'force_generic_plan' ELSE 'force_custom_plan' END, true);
  -- A few lines look up a few accounts by key; a hash of the whole chart would cost more than the posting.
  PERFORM set_config('enable_hashjoin', CASE WHEN cardinality(v_heads) < 10 THEN 'off' ELSE 'on' END, true);
  SELECT * INTO v_head FROM ledger_chain_head c WHERE c.entity_id = p_entity FOR NO KEY UPDATE;
  v_entries := ledger_prepare(v_heads, v_lines);
  v_refusals := ledger_repeated_keys(v_heads);
  IF ledger_known_keys(p_entity, v_heads) > 0 THEN
    v_refusals := coalesce(v_refusals, ledger_replay_conflicts(p_entity, v_entries));
    RETURN QUERY SELECT * FROM ledger_replayed(p_entity, v_heads);
    SELECT array_agg(e ORDER BY (e.head).ordinal), array_agg(e.head ORDER BY (e.head).ordinal) INTO v_entries, v_heads
      FROM unnest(v_entries) AS e
     WHERE NOT EXISTS (SELECT FROM ledger_idempotency i WHERE i.entity_id = p_entity AND i.idempotency_key = (e.head).idempotency_key);
    SELECT array_agg(l ORDER BY l.ordinal, l.line_no) INTO v_lines FROM unnest(v_lines) AS l
      JOIN unnest(v_heads) AS h ON h.ordinal = l.ordinal;
  END IF;
  IF v_refusals IS NULL AND v_heads IS NOT NULL THEN
    v_right := ledger_all_right(p_entity, v_heads, v_lines);
    IF NOT v_right OR EXISTS (SELECT FROM unnest(v_heads) AS h WHERE h.reverses_no IS NOT NULL) THEN
      v_refusals := ledger_explain(p_entity, v_heads, v_lines);
    END IF;
    -- What is not right is never posted, even if no reason was found for it.
    IF NOT v_right AND v_refusals IS NULL THEN
      v_refusals := jsonb_build_array(ledger_refusal('ledger.request_incomplete', '', '{}'));
    END IF;
  END IF;
  IF v_refusals IS NOT NULL THEN PERFORM ledger_refuse(v_refusals); END IF;
  IF v_heads IS NULL THEN RETURN; END IF;
  IF p_batch IS NOT NULL THEN PERFORM ledger_count_batch(p_entity, p_batch, cardinality(v_entries)); END IF;
  v_entries := ledger_chain(p_entity, v_entries, p_actor_id, p_actor_name, p_batch, v_head);
  PERFORM ledger_write(p_entity, v_entries, v_lines, p_actor_id, p_actor_name, p_batch);
  PERFORM ledger_audit_posting(p_entity, v_entries, p_actor_id, p_actor_name, p_request_id, p_batch);
  RETURN QUERY SELECT (e.head).ordinal, (e.head).fiscal_year, e.sequence_no, e.series, e.number, (e.head).period,
      (e.head).journal_date, false FROM unnest(v_entries) AS e;
END $$;

-- The answers already given to these keys.
CREATE FUNCTION ledger_replayed(p_entity bigint, p_heads ledger_head[])
RETURNS TABLE (ordinal int, fiscal_year int, sequence_no bigint, series text, number int, period smallint, journal_date date, replayed boolean)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT h.ordinal, j.fiscal_year, j.sequence_no, j.series, j.number, j.period, j.journal_date, true
    FROM unnest(p_heads) AS h
    JOIN ledger_idempotency i ON i.entity_id = p_entity AND i.idempotency_key = h.idempotency_key
    JOIN ledger_journal j ON j.entity_id = p_entity AND j.fiscal_year = i.fiscal_year AND j.sequence_no = i.sequence_no;
END $$;

-- One key twice in one request is a mistake of the caller.
CREATE FUNCTION ledger_repeated_keys(p_heads ledger_head[]) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF cardinality(p_heads) = 1 THEN RETURN NULL; END IF;
  RETURN (SELECT jsonb_agg(ledger_refusal('ledger.idempotency_conflict', format('journals.%s', x.ordinal - 1),
                   jsonb_build_object('key', x.key, 'journal', '-')) ORDER BY x.ordinal)
    FROM (SELECT max(h.ordinal) AS ordinal, h.idempotency_key AS key FROM unnest(p_heads) AS h
           WHERE h.idempotency_key IS NOT NULL GROUP BY 2 HAVING count(*) > 1) AS x);
END $$;

-- Same key and same content is a replay; same key and other content is refused with the journal that has the key.
CREATE FUNCTION ledger_replay_conflicts(p_entity bigint, p_entries ledger_entry[]) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT jsonb_agg(ledger_refusal('ledger.idempotency_conflict', format('journals.%s', (e.head).ordinal - 1),
                   jsonb_build_object('key', (e.head).idempotency_key,
                                      'journal', k.prefix_th || ' ' || j.number || '/' || j.fiscal_year)) ORDER BY (e.head).ordinal)
    FROM unnest(p_entries) AS e
    JOIN ledger_idempotency i ON i.entity_id = p_entity AND i.idempotency_key = (e.head).idempotency_key
    JOIN ledger_journal j ON j.entity_id = p_entity AND j.fiscal_year = i.fiscal_year AND j.sequence_no = i.sequence_no
    JOIN reference_journal_kind k ON k.code = j.kind
   WHERE i.content_hash <> e.content_hash);
END $$;

CREATE FUNCTION ledger_count_batch(p_entity bigint, p_batch uuid, p_journals int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger_batch b SET journals = b.journals + p_journals
   WHERE b.entity_id = p_entity AND b.batch_id = p_batch AND b.state = 'posting';
  IF NOT FOUND THEN
    PERFORM ledger_refuse(jsonb_build_array(ledger_refusal('ledger.batch_not_open', '', jsonb_build_object('batch', p_batch))));
  END IF;
END $$;

-- One act for each call: a single journal by its number, a run by its first and last.
CREATE FUNCTION ledger_audit_posting(p_entity bigint, p_entries ledger_entry[], p_actor_id bigint, p_actor_name text,
                                     p_request_id text, p_batch uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_first ledger_entry := p_entries[1]; v_last ledger_entry := p_entries[cardinality(p_entries)];
BEGIN
  PERFORM audit_record(p_entity,
    CASE WHEN (v_first.head).reverses_no IS NULL THEN 'ledger.post' ELSE 'ledger.reverse' END,
    CASE WHEN p_batch IS NULL THEN format('journal:%s:%s', (v_first.head).fiscal_year, v_first.sequence_no) ELSE 'batch:' || p_batch END,
    jsonb_build_object('journals', cardinality(p_entries), 'first', v_first.sequence_no, 'last', v_last.sequence_no,
                       'hash', encode(v_last.hash, 'hex'))::text,
    p_actor_id, p_actor_name, p_request_id);
END $$;
