-- Log-ins under way at ThaiD. National: nobody has chosen an entity yet. Rows live for a quarter of an hour.
CREATE TABLE authentication_thaid_departure (
    state_hash    text PRIMARY KEY,
    browser_hash  text NOT NULL,
    nonce         text NOT NULL,
    code_verifier text NOT NULL,
    redirect_uri  text NOT NULL,
    next_page     text NOT NULL,
    begun_at      timestamptz NOT NULL,
    CONSTRAINT authentication_thaid_departure_hashes_are_sha256
        CHECK (state_hash ~ '^[0-9a-f]{64}$' AND browser_hash ~ '^[0-9a-f]{64}$')
);
CREATE INDEX authentication_thaid_departure_by_age ON authentication_thaid_departure (begun_at);

-- How ThaiD did when somebody last looked: one row for all.
CREATE TABLE authentication_thaid_state (
    id         smallint PRIMARY KEY CHECK (id = 1),
    condition  text NOT NULL CHECK (condition IN ('working', 'slow', 'down')),
    since      timestamptz NOT NULL,
    checked_at timestamptz NOT NULL
);
