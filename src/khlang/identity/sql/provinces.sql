-- Who holds a role in the provincial offices, for the department and nobody else. Each office is entered in turn, as its own
-- transaction would: row-level security stays as it is. Run again after every change: each statement replaces its own.

CREATE OR REPLACE FUNCTION identity_province_holders()
RETURNS TABLE (entity bigint, person bigint, hat text, since timestamptz, title text) LANGUAGE plpgsql AS $$
DECLARE
  v_home text := current_setting('khlang.entity_id', true);
  v_office bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM identity_entity e WHERE e.level = 'department' AND e.entity_id = nullif(v_home, '')::bigint) THEN
    RAISE EXCEPTION 'identity.not_the_department' USING ERRCODE = 'KL001',
      DETAIL = jsonb_build_array(jsonb_build_object('code', 'identity.not_the_department', 'where', '', 'facts', '{}'::jsonb))::text;
  END IF;
  FOR v_office IN SELECT e.entity_id FROM identity_entity e WHERE e.level = 'province' LOOP
    PERFORM set_config('khlang.entity_id', v_office::text, true);
    RETURN QUERY SELECT m.entity_id, m.user_id, m.role, m.granted_at, coalesce(s.title, '')
      FROM identity_membership m LEFT JOIN identity_staff s ON s.entity_id = m.entity_id AND s.user_id = m.user_id
     WHERE m.entity_id = v_office AND m.ended_at IS NULL;
  END LOOP;
  PERFORM set_config('khlang.entity_id', v_home, true);
END $$;
REVOKE ALL ON FUNCTION identity_province_holders() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity_province_holders() TO khlang_app;
