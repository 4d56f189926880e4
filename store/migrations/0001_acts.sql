-- The trail: who did what (acts), what changed (act_changes), and the seal of each act.
-- All three are insert-only. acts is written when the act closes, so nothing may have a
-- foreign key to it; act_now holds the id of the act that is open, and only while it is.
CREATE TABLE act_now (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  act INTEGER NOT NULL
) STRICT;

CREATE TABLE acts (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  staff_id INTEGER NOT NULL,                -- 0: the system itself
  role TEXT NOT NULL,
  station TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action <> ''),
  reason_sealed BLOB,                       -- under the audit key; NULL without
  request TEXT NOT NULL,
  once TEXT UNIQUE,                         -- one-time key of the post, NULL without
  posted TEXT NOT NULL DEFAULT '',          -- MAC of what was posted under the key
  subject_noun TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  result_noun TEXT NOT NULL,
  result_id INTEGER NOT NULL
) STRICT;
CREATE INDEX acts_subject ON acts(subject_noun, subject_id);
CREATE INDEX acts_at ON acts(at);
CREATE INDEX acts_staff ON acts(staff_id, at);

CREATE TABLE act_changes (
  id INTEGER PRIMARY KEY,
  act INTEGER NOT NULL,
  tbl TEXT NOT NULL,
  row INTEGER NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('I','U','D')),
  changes TEXT NOT NULL                     -- {"column":[old,new]}, BLOBs as hex
) STRICT;
CREATE INDEX act_changes_act ON act_changes(act, id);
CREATE INDEX act_changes_row ON act_changes(tbl, row);

CREATE TABLE act_seals (
  id INTEGER PRIMARY KEY,                   -- the act
  alg TEXT NOT NULL,
  key_id INTEGER NOT NULL,
  prev BLOB NOT NULL,                       -- mac of the act before, empty for the first
  sheet TEXT NOT NULL,                      -- recovery sheet that the key of the day comes from, '' without
  epoch INTEGER NOT NULL,                   -- how often that key was turned
  day BLOB NOT NULL,                        -- seal of the day over the act, empty without
  mac BLOB NOT NULL UNIQUE                  -- covers the act, its changes and all of this row
) STRICT;

CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts are insert-only'); END;
CREATE TRIGGER acts_no_delete BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'acts are insert-only'); END;
CREATE TRIGGER act_changes_no_update BEFORE UPDATE ON act_changes BEGIN SELECT RAISE(ABORT, 'act_changes are insert-only'); END;
CREATE TRIGGER act_changes_no_delete BEFORE DELETE ON act_changes BEGIN SELECT RAISE(ABORT, 'act_changes are insert-only'); END;
CREATE TRIGGER act_seals_no_update BEFORE UPDATE ON act_seals BEGIN SELECT RAISE(ABORT, 'act_seals are insert-only'); END;
CREATE TRIGGER act_seals_no_delete BEFORE DELETE ON act_seals BEGIN SELECT RAISE(ABORT, 'act_seals are insert-only'); END;

-- Numbers that must never be used twice: row ids (id:visits) and printed numbers (no:V20260301).
CREATE TABLE counters (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  value INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL                       -- JSON
) STRICT;

-- Keys of the classes of data, wrapped by the KEK.
CREATE TABLE class_keys (
  id INTEGER PRIMARY KEY,
  class TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  wrapped_key BLOB NOT NULL
) STRICT;

-- Keys of single clients, wrapped by the class key. Setting wrapped_key NULL erases the
-- client's data of that class for good, in the trail and in later backups too.
CREATE TABLE client_keys (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER NOT NULL,               -- made before the client row, so no foreign key
  class TEXT NOT NULL,
  wrapped_key BLOB,
  erased_at TEXT,
  CONSTRAINT client_key_unique UNIQUE (client_id, class),
  CONSTRAINT client_key_erased CHECK ((wrapped_key IS NULL) = (erased_at IS NOT NULL))
) STRICT;

CREATE TABLE job_runs (
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  day TEXT NOT NULL DEFAULT '', -- business day that the run was owed for, '' when for none
  started_at TEXT NOT NULL,
  ended_at TEXT,
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('','ok','failed','skipped')),
  count INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX job_runs_job ON job_runs(job, started_at);
-- A day's work is done once, whatever the clock does (TR-17).
CREATE UNIQUE INDEX job_runs_once ON job_runs(job, day) WHERE outcome = 'ok' AND day <> '';

-- Append-only movements: money in fen, stock in base units, package sessions in pieces.
-- A balance is the sum of its movements; a mistake is put right by one reversal.
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  at TEXT NOT NULL,
  act INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  account_id INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount <> 0),
  ref_noun TEXT NOT NULL,
  ref_id INTEGER NOT NULL,
  reverses INTEGER UNIQUE REFERENCES ledger(id)
) STRICT;
CREATE INDEX ledger_account ON ledger(kind, account_id, id);
CREATE INDEX ledger_ref ON ledger(ref_noun, ref_id);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger movements are insert-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger movements are insert-only'); END;
