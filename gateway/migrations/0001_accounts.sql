-- Who may act, for whom, in which role. The facts are in the log; this is what they come to, kept in
-- the same transaction. A key is never here, only what proves that somebody has it.
CREATE SCHEMA access;

CREATE TABLE access.account (
    account text PRIMARY KEY CHECK (account ~ '^(person|machine)/[a-z0-9][a-z0-9._-]{0,62}$'),
    person text CHECK (person <> ''),
    CHECK ((person IS NULL) = (account LIKE 'machine/%'))
);

CREATE TABLE access.key (
    client_id text PRIMARY KEY CHECK (client_id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    account text NOT NULL REFERENCES access.account,
    secret_hash text NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX ON access.key (account);

CREATE TABLE access.role (
    account text NOT NULL REFERENCES access.account,
    organisation text NOT NULL CHECK (organisation <> ''),
    role text NOT NULL CHECK (role <> ''),
    PRIMARY KEY (account, organisation, role)
);

-- Since when tokens of an account, issued before, are no longer believed: a key or role was taken away.
CREATE TABLE access.withdrawal (
    account text PRIMARY KEY REFERENCES access.account,
    withdrawn_at timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA access TO :runtime;
GRANT SELECT, INSERT ON access.account TO :runtime;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON access.key TO :runtime;
GRANT SELECT, INSERT, DELETE ON access.role TO :runtime;
GRANT SELECT, INSERT, UPDATE ON access.withdrawal TO :runtime;
