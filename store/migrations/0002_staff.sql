-- People who work here, how they come in, and the papers that let them work.
CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,                       -- staff names stand on every record, so they are not sealed
  title TEXT NOT NULL DEFAULT '',           -- 职称, as printed on the badge
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active','disabled')),
  lead_physician INTEGER NOT NULL DEFAULT 0 CHECK (lead_physician IN (0,1)),
  on_shift INTEGER NOT NULL DEFAULT 1 CHECK (on_shift IN (0,1)),
  password_hash TEXT NOT NULL DEFAULT '',
  password_at TEXT,
  must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0,1)),
  code_until TEXT,                          -- until then the one-time password opens, once
  code_why TEXT NOT NULL DEFAULT '' CHECK (code_why IN ('','new','reset','console')),
  code_by INTEGER REFERENCES staff(id),     -- who gave it; NULL: the machine's console
  code_used_at TEXT,                        -- since then people are told
  pin_hash TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh','en')),
  CONSTRAINT staff_login_unique UNIQUE (login)
) STRICT;

CREATE TABLE staff_roles (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  role TEXT NOT NULL,
  ended_at TEXT,
  CONSTRAINT staff_role_unique UNIQUE (staff_id, role)
) STRICT;

-- Sessions, throttling and drafts are not in the trail of changes: they are noise there.
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  station TEXT NOT NULL DEFAULT '',
  browser TEXT NOT NULL DEFAULT '',         -- family and system, such as "Edge, Windows"; nothing else of what it says
  kind TEXT NOT NULL DEFAULT 'desk' CHECK (kind IN ('desk','tablet','handover')),
  handover_path TEXT NOT NULL DEFAULT '',   -- the one form a handed-over tablet may show
  lang TEXT NOT NULL DEFAULT 'zh',
  created_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  locked_at TEXT,
  pin_tries INTEGER NOT NULL DEFAULT 0,
  ended_at TEXT,
  proved_at TEXT,      -- when its person last typed PIN or password
  password_at TEXT,    -- when its person last typed the password
  left_at TEXT   -- its person logged out, was disabled or has a new password: a PIN alone opens nothing more
) STRICT;
CREATE INDEX sessions_staff ON sessions(staff_id, ended_at);
CREATE INDEX sessions_station ON sessions(station, created_at);

-- Browsers that the house knows. The mark is made from the secret that only the browser has.
CREATE TABLE workstations (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  mark TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('desk','tablet')),
  enrolled_by INTEGER NOT NULL REFERENCES staff(id),
  retired_at TEXT,
  CONSTRAINT workstation_mark_unique UNIQUE (mark)
) STRICT;

-- The second step of the login: codes of an app on the person's own phone (TOTP).
CREATE TABLE second_factors (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  kept_secret BLOB,                         -- sealed: key of the app, one not yet confirmed, hashes of recovery codes
  last_step INTEGER NOT NULL DEFAULT 0,     -- half minute of the newest code that was taken: no code opens twice
  set_at TEXT,                              -- NULL: not confirmed by a code yet, nothing is asked
  CONSTRAINT second_factor_unique UNIQUE (staff_id)
) STRICT;

CREATE TABLE login_attempts (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL,
  address TEXT NOT NULL,
  at TEXT NOT NULL,
  ok INTEGER NOT NULL CHECK (ok IN (0,1))
) STRICT;
CREATE INDEX login_attempts_login ON login_attempts(login, at);

CREATE TABLE drafts (
  id INTEGER PRIMARY KEY,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  form_key TEXT NOT NULL,
  body_sealed BLOB NOT NULL,
  saved_at TEXT NOT NULL,
  CONSTRAINT draft_unique UNIQUE (staff_id, form_key)
) STRICT;

-- Licences and registrations (REG-STF-04, REG-STF-07): what a person may do here, and until when.
CREATE TABLE licences (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  kind TEXT NOT NULL CHECK (kind IN ('physician_practice','lead_physician','nurse_practice','assistant_physician','other')),
  number TEXT NOT NULL,
  scope TEXT NOT NULL DEFAULT '',           -- 执业范围 / 主诊专业
  place_here INTEGER NOT NULL DEFAULT 1 CHECK (place_here IN (0,1)),
  valid_from TEXT NOT NULL,
  valid_until TEXT,                         -- NULL: no fixed end (REG-STF-05)
  suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0,1)),
  checked_at TEXT,
  checked_by INTEGER REFERENCES staff(id)
) STRICT;
CREATE INDEX licences_staff ON licences(staff_id);

-- Rights: staff x item kind (procedures.csv "kind"), F14 authorisation matrix.
CREATE TABLE staff_rights (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  item_kind TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('none','learning','supervised','independent')),
  granted_by INTEGER REFERENCES staff(id),
  valid_until TEXT,
  CONSTRAINT staff_right_unique UNIQUE (staff_id, item_kind)
) STRICT;

-- The roster (row:O10): kinds of shift, the usual week of a person, who works when, and leave.
-- Times of day are minutes since midnight in the clinic's zone.
CREATE TABLE shift_kinds (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name TEXT NOT NULL,
  letter TEXT NOT NULL,                     -- stands in the cell of a day
  from_minute INTEGER NOT NULL CHECK (from_minute >= 0),
  to_minute INTEGER NOT NULL CHECK (to_minute <= 1440),
  retired_at TEXT,
  CHECK (to_minute > from_minute),
  CONSTRAINT shift_kind_unique UNIQUE (name)
) STRICT;

CREATE TABLE shift_weeks (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  kinds TEXT NOT NULL DEFAULT '[]',         -- JSON: seven kinds of shift from Monday on, 0 is rest
  CONSTRAINT shift_week_unique UNIQUE (staff_id)
) STRICT;

CREATE TABLE shifts (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  day TEXT NOT NULL,
  kind_id INTEGER REFERENCES shift_kinds(id),   -- NULL: rest, or hours of its own
  from_minute INTEGER NOT NULL DEFAULT 0 CHECK (from_minute >= 0),
  to_minute INTEGER NOT NULL DEFAULT 0 CHECK (to_minute <= 1440),  -- equal to from_minute: rest
  CHECK (to_minute >= from_minute),
  CONSTRAINT shift_day_unique UNIQUE (staff_id, day)
) STRICT;
CREATE INDEX shifts_day ON shifts(day, staff_id);

CREATE TABLE leaves (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  kind TEXT NOT NULL CHECK (kind IN ('annual','sick','personal','training','other')),
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  reason_sealed BLOB,
  state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked','approved','refused','withdrawn')),
  answered_at TEXT,
  answered_by INTEGER REFERENCES staff(id),
  answer_sealed BLOB,
  CHECK (to_day >= from_day)
) STRICT;
CREATE INDEX leaves_staff ON leaves(staff_id, to_day);
CREATE INDEX leaves_day ON leaves(to_day, state);

-- Two people who want to exchange what the roster has for them on one or two days (row:O10).
CREATE TABLE shift_swaps (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  asker_id INTEGER NOT NULL REFERENCES staff(id),
  other_id INTEGER NOT NULL REFERENCES staff(id),
  asker_day TEXT NOT NULL,                  -- the asker gives this day
  other_day TEXT NOT NULL,                  -- and takes this one; the same day exchanges the hours
  reason_sealed BLOB,
  state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked','accepted','approved','refused','withdrawn')),
  accepted_at TEXT,
  answered_at TEXT,
  answered_by INTEGER REFERENCES staff(id),
  answer_sealed BLOB,
  CHECK (asker_id <> other_id)
) STRICT;
CREATE INDEX shift_swaps_state ON shift_swaps(state, id);
