-- What a person is in an entity at a moment, and on what it rests: the one truth about authority. Pages ask it before an
-- act, the record of acts asks it again inside the act. Run again after every change: each statement replaces its own.

CREATE OR REPLACE FUNCTION identity_hats(p_entity bigint, p_user bigint, p_at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE v_day date := (p_at AT TIME ZONE 'Asia/Bangkok')::date;
BEGIN
  -- Number 0 is the command line on the server itself.
  IF p_user = 0 THEN RETURN '[{"hat": "operator", "basis": "server"}]'; END IF;
  RETURN coalesce((SELECT jsonb_agg(jsonb_strip_nulls(hats.body) ORDER BY hats.rank, hats.body->>'hat', hats.body->>'order') FROM (
    SELECT 1 AS rank, jsonb_build_object('hat', m.role, 'basis', 'position') AS body
      FROM identity_membership m
     WHERE m.entity_id = p_entity AND m.user_id = p_user AND m.granted_at <= p_at AND (m.ended_at IS NULL OR m.ended_at > p_at)
    UNION ALL
    -- An order holds from the first moment of its first day to the last moment of its last.
    SELECT 2, jsonb_build_object('hat', l.hat, 'basis', o.kind, 'order', o.number, 'ordered_on', o.ordered_on,
                                 'starts_on', l.starts_on, 'ends_on', least(l.ends_on, l.ended_on), 'acting_for', nullif(l.acting_for, ''))
      FROM identity_order_line l
      JOIN identity_order o ON o.entity_id = l.entity_id AND o.order_id = l.order_id
     WHERE l.entity_id = p_entity AND l.user_id = p_user AND l.hat <> ''
       AND v_day BETWEEN l.starts_on AND coalesce(least(l.ends_on, l.ended_on), 'infinity'::date)
    UNION ALL
    -- Whoever an exception names as its reviewer reviews: while it holds, and until nothing of it is left to review.
    SELECT 2, jsonb_build_object('hat', 'compensating_reviewer', 'basis', 'appointment', 'order', o.number, 'ordered_on', o.ordered_on,
                                 'starts_on', l.starts_on, 'ends_on', least(l.ends_on, l.ended_on))
      FROM identity_order_line l
      JOIN identity_order o ON o.entity_id = l.entity_id AND o.order_id = l.order_id
     WHERE l.entity_id = p_entity AND l.reviewer_id = p_user AND l.rule <> '' AND l.starts_on <= v_day
       AND (v_day <= least(l.ends_on, l.ended_on) OR EXISTS (
         SELECT FROM identity_exception_use u
          WHERE u.entity_id = l.entity_id AND u.order_id = l.order_id AND u.reviewer_id = p_user AND NOT EXISTS (
            SELECT FROM identity_exception_review r WHERE r.entity_id = u.entity_id AND r.use_id = u.use_id)))
    UNION ALL
    SELECT 3, jsonb_build_object('hat', 'visitor', 'basis', 'visit', 'reason', v.reason)
      FROM identity_visit v
     WHERE v.entity_id = p_entity AND v.user_id = p_user AND p_at >= v.started_at AND p_at < v.ends_at
  ) AS hats), '[]'::jsonb);
END $$;

GRANT EXECUTE ON FUNCTION identity_hats(bigint, bigint, timestamptz) TO khlang_app;
