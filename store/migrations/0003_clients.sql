-- Who comes: leads before any consent (rulings 27), clients after it.
CREATE TABLE leads (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name_sealed BLOB NOT NULL,
  phone_sealed BLOB,
  phone_index BLOB,                         -- keyed HMAC, equality only
  need_sealed BLOB,
  channel TEXT NOT NULL DEFAULT 'walk_in' CHECK (channel IN ('walk_in','phone','online','platform','referral','staff','other')),
  owner_id INTEGER REFERENCES staff(id),
  ask_doctor INTEGER NOT NULL DEFAULT 0 CHECK (ask_doctor IN (0,1)),
  clock_from TEXT,                          -- the five minutes begin here: at the opening, when it came before
  first_reply_at TEXT,
  first_reply_by INTEGER REFERENCES staff(id),
  first_reply_way TEXT NOT NULL DEFAULT '' CHECK (first_reply_way IN ('','phone','chat','platform','person')),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','booked','arrived','lost')),
  client_id INTEGER REFERENCES clients(id),
  visit_id INTEGER REFERENCES visits(id),   -- the visit that came of it
  lost_reason_sealed BLOB
) STRICT;
CREATE INDEX leads_state ON leads(state, created_at);
CREATE INDEX leads_phone ON leads(phone_index);
CREATE INDEX leads_visit ON leads(visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX leads_client ON leads(client_id) WHERE client_id IS NOT NULL;

CREATE TABLE clients (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,              -- C20260301-003
  name_sealed BLOB NOT NULL,
  phone_sealed BLOB,
  phone_index BLOB,
  no_phone TEXT NOT NULL DEFAULT '' CHECK (no_phone IN ('','elderly','child','foreign','declined','former')), -- why there is no phone
  gender TEXT NOT NULL CHECK (gender IN ('female','male','unstated')),
  birth_sealed BLOB NOT NULL,               -- calendar day
  id_kind TEXT NOT NULL DEFAULT '' CHECK (id_kind IN ('','id_card','passport','hk_mo_tw','foreign_resident')),
  id_number_sealed BLOB,
  id_number_index BLOB,
  id_checked_at TEXT,
  id_checked_by INTEGER REFERENCES staff(id),
  wechat_sealed BLOB,
  address_sealed BLOB,
  emergency_sealed BLOB,                    -- JSON name, relation, phone
  guardian_sealed BLOB,                     -- JSON name, relation, id, phone (REG-CON-04)
  allergies_sealed BLOB,                    -- JSON list of words, shown in red everywhere
  alerts_sealed BLOB,                       -- JSON list of contraindication words
  need_sealed BLOB,                         -- need card in short (row:C8)
  source TEXT NOT NULL DEFAULT 'walk_in',
  referrer_id INTEGER REFERENCES clients(id),
  consultant_id INTEGER REFERENCES staff(id),
  tier TEXT NOT NULL DEFAULT 'normal' CHECK (tier IN ('normal','silver','gold','diamond')),
  face_media_id INTEGER,
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active','blocked','merged')),
  import_id INTEGER REFERENCES imports(id), -- the file it came with from a former system (U6)
  former_sealed BLOB,                       -- JSON: number and remarks of the former system
  voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason_sealed BLOB
) STRICT;
CREATE INDEX clients_phone ON clients(phone_index);
CREATE INDEX clients_tier ON clients(tier);
CREATE INDEX clients_gone ON clients(id) WHERE state <> 'active' OR voided_at IS NOT NULL;
CREATE INDEX clients_consultant ON clients(consultant_id);

-- Purpose-bound consents (REG-PII-01): each given and withdrawn on its own.
CREATE TABLE client_consents (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER NOT NULL REFERENCES clients(id),
  purpose TEXT NOT NULL CHECK (purpose IN ('privacy','health','photo_record','photo_case','photo_public','marketing','recording')),
  document_id INTEGER REFERENCES documents(id),
  given_at TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_by INTEGER REFERENCES staff(id),
  withdraw_reason_sealed BLOB
) STRICT;
CREATE INDEX client_consents_client ON client_consents(client_id, id);
CREATE UNIQUE INDEX client_consent_open ON client_consents(client_id, purpose) WHERE withdrawn_at IS NULL;
CREATE INDEX client_consents_purpose ON client_consents(purpose, id) WHERE withdrawn_at IS NULL;

-- One person who had two files (row:C3): everything of the one that is given up goes to the other,
-- and for 30 days the way back is known.
CREATE TABLE client_merges (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER NOT NULL REFERENCES clients(id),  -- the file that stays
  from_id INTEGER NOT NULL REFERENCES clients(id),    -- the file that was given up
  merged_at TEXT NOT NULL,
  merged_by INTEGER NOT NULL REFERENCES staff(id),
  reason_sealed BLOB NOT NULL,
  undone_at TEXT,
  undone_by INTEGER REFERENCES staff(id),
  undo_reason_sealed BLOB,
  points INTEGER NOT NULL DEFAULT 0,                  -- of the file that stays, when they were joined
  from_points INTEGER NOT NULL DEFAULT 0,             -- of the other one
  red_sealed BLOB,                                    -- JSON: the red words of both, when they were joined
  CHECK (client_id <> from_id)
) STRICT;
CREATE UNIQUE INDEX client_merge_once ON client_merges(from_id) WHERE undone_at IS NULL;
CREATE INDEX client_merges_from ON client_merges(from_id);
CREATE INDEX client_merges_client ON client_merges(client_id);

-- What a merge moved, a line for each column that names a client, and what it changed (field empty).
CREATE TABLE client_moves (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  merge_id INTEGER NOT NULL REFERENCES client_merges(id),
  owner_id INTEGER NOT NULL REFERENCES clients(id),   -- whose keys sealed the rows: the file that was given up, or the other for what followed when they were parted
  tbl TEXT NOT NULL,
  field TEXT NOT NULL DEFAULT '',
  row_ids TEXT NOT NULL,                              -- JSON list
  before_sealed BLOB,                                 -- JSON: the columns as they stood
  after_sealed BLOB
) STRICT;
CREATE INDEX client_moves_merge ON client_moves(merge_id, id);
CREATE INDEX client_moves_owner ON client_moves(owner_id);
CREATE INDEX client_moves_tbl ON client_moves(tbl, id);

-- What is counted of every client (row:C5): visits and money as they come, scores and stage by the
-- nightly job, which counts all anew. It follows from visits and payments and is in no trail.
CREATE TABLE client_figures (
  id INTEGER PRIMARY KEY,                   -- the client's
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visits INTEGER NOT NULL DEFAULT 0,
  year_visits INTEGER NOT NULL DEFAULT 0,   -- of the last 365 days
  spent_fen INTEGER NOT NULL DEFAULT 0,     -- paid less paid back
  year_fen INTEGER NOT NULL DEFAULT 0,
  first_at TEXT,
  last_at TEXT,
  r INTEGER NOT NULL DEFAULT 0 CHECK (r BETWEEN 0 AND 5), -- 0: not scored yet
  f INTEGER NOT NULL DEFAULT 0 CHECK (f BETWEEN 0 AND 5),
  m INTEGER NOT NULL DEFAULT 0 CHECK (m BETWEEN 0 AND 5),
  stage TEXT NOT NULL DEFAULT 'prospect' CHECK (stage IN ('prospect','new','active','sleeping','lost'))
) STRICT;
CREATE INDEX client_figures_spent ON client_figures(spent_fen, id);
CREATE INDEX client_figures_last ON client_figures(last_at, spent_fen);
CREATE INDEX client_figures_stage ON client_figures(stage, last_at);
CREATE INDEX client_figures_scores ON client_figures(m, r);

-- Saved segments: a name and the rule, never a list of people.
CREATE TABLE segments (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name TEXT NOT NULL,
  rule TEXT NOT NULL,                       -- JSON
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  retired_at TEXT
) STRICT;
CREATE UNIQUE INDEX segment_name_unique ON segments(name) WHERE retired_at IS NULL;

-- Words of the house that are put on clients.
CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name TEXT NOT NULL,
  retired_at TEXT,
  CONSTRAINT tag_name_unique UNIQUE (name)
) STRICT;

CREATE TABLE client_tags (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER NOT NULL REFERENCES clients(id),
  tag_id INTEGER NOT NULL REFERENCES tags(id),
  ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX client_tag_once ON client_tags(client_id, tag_id) WHERE ended_at IS NULL;
CREATE INDEX client_tags_tag ON client_tags(tag_id, client_id) WHERE ended_at IS NULL;

-- Changes of the member tier by the nightly job, with what they rest on (row:C6).
CREATE TABLE tier_changes (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER NOT NULL REFERENCES clients(id),
  day TEXT NOT NULL,
  from_tier TEXT NOT NULL,
  to_tier TEXT NOT NULL,
  year_fen INTEGER NOT NULL,                -- paid in the 365 days before
  limit_fen INTEGER NOT NULL                -- that the rule asks for the higher of the two
) STRICT;
CREATE INDEX tier_changes_client ON tier_changes(client_id, id);
