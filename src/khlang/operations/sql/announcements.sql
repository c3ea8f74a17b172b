-- What the department tells all offices, a province, a kind of entity, or one entity. National and append-only: a correction
-- is a new row that replaces the old one. Who has read it belongs to each entity.

CREATE TABLE operations_announcement (
  number           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key              uuid        NOT NULL CONSTRAINT operations_announcement_is_made_once UNIQUE,
  replaces         bigint      CONSTRAINT operations_announcement_is_replaced_once UNIQUE REFERENCES operations_announcement (number),
  audience         text        NOT NULL,
  audience_code    text        NOT NULL,
  title_th         text        NOT NULL,
  title_en         text        NOT NULL,
  body_th          text        NOT NULL,
  body_en          text        NOT NULL,
  shown_from       timestamptz NOT NULL,
  shown_until      timestamptz NOT NULL,
  is_important     boolean     NOT NULL,
  is_acknowledged  boolean     NOT NULL,
  recorded_by      bigint      NOT NULL,
  recorded_by_name text        NOT NULL,
  recorded_at      timestamptz NOT NULL,
  CONSTRAINT operations_announcement_has_an_audience CHECK (audience IN ('all', 'province', 'kind', 'entity')),
  CONSTRAINT operations_announcement_names_its_audience CHECK ((audience = 'all') = (audience_code = '')),
  CONSTRAINT operations_announcement_says_something CHECK (btrim(title_th) <> '' AND btrim(body_th) <> ''),
  CONSTRAINT operations_announcement_ends_after_it_began CHECK (shown_until > shown_from)
);
CREATE INDEX operations_announcement_by_end ON operations_announcement (shown_until);

CREATE TABLE operations_receipt (
  entity_id    bigint      NOT NULL REFERENCES identity_entity (entity_id),
  announcement bigint      NOT NULL REFERENCES operations_announcement (number),
  user_id      bigint      NOT NULL REFERENCES identity_user (id),
  kind         text        NOT NULL,
  received_at  timestamptz NOT NULL,
  PRIMARY KEY (entity_id, announcement, user_id, kind),
  CONSTRAINT operations_receipt_is_of_a_kind CHECK (kind IN ('read', 'acknowledged'))
);
CREATE INDEX operations_receipt_by_announcement ON operations_receipt (announcement, entity_id);

CREATE TRIGGER by_the_department BEFORE INSERT ON operations_announcement FOR EACH ROW EXECUTE FUNCTION operations_by_the_department();
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['operations_announcement', 'operations_receipt'] LOOP
    EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()', v_table);
    EXECUTE format('CREATE TRIGGER not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change()', v_table);
    EXECUTE format('REVOKE ALL ON %I FROM khlang_app', v_table);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO khlang_app', v_table);
  END LOOP;
END $$;

-- How many people of each entity have read, for the department and nobody else. Counts leave here, never who.
CREATE FUNCTION operations_receipt_counts(p_announcement bigint) RETURNS TABLE (entity bigint, readers bigint, acknowledgers bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM identity_entity e WHERE e.level = 'department'
                   AND e.entity_id = nullif(current_setting('khlang.entity_id', true), '')::bigint) THEN
    RAISE EXCEPTION 'operations.not_the_department' USING ERRCODE = 'KL001',
      DETAIL = jsonb_build_array(jsonb_build_object('code', 'operations.not_the_department', 'where', '', 'facts', '{}'::jsonb))::text;
  END IF;
  PERFORM set_config('khlang.counting', 'receipts', true);
  RETURN QUERY SELECT r.entity_id, count(*) FILTER (WHERE r.kind = 'read'), count(*) FILTER (WHERE r.kind = 'acknowledged')
    FROM operations_receipt r WHERE r.announcement = p_announcement GROUP BY r.entity_id;
  PERFORM set_config('khlang.counting', '', true);
END $$;
REVOKE ALL ON FUNCTION operations_receipt_counts(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operations_receipt_counts(bigint) TO khlang_app;
