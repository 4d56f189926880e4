CREATE TRIGGER act_changes_no_delete BEFORE DELETE ON act_changes BEGIN SELECT RAISE(ABORT, 'act_changes are insert-only'); END;

CREATE TRIGGER act_changes_no_update BEFORE UPDATE ON act_changes BEGIN SELECT RAISE(ABORT, 'act_changes are insert-only'); END;

CREATE TRIGGER act_seals_no_delete BEFORE DELETE ON act_seals BEGIN SELECT RAISE(ABORT, 'act_seals are insert-only'); END;

CREATE TRIGGER act_seals_no_update BEFORE UPDATE ON act_seals BEGIN SELECT RAISE(ABORT, 'act_seals are insert-only'); END;

CREATE TRIGGER acts_no_delete BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'acts are insert-only'); END;

CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts are insert-only'); END;

CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger movements are insert-only'); END;

CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger movements are insert-only'); END;

CREATE TABLE act_changes (
  id INTEGER PRIMARY KEY,
  act INTEGER NOT NULL,
  tbl TEXT NOT NULL,
  row INTEGER NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('I','U','D')),
  changes TEXT NOT NULL                     -- {"column":[old,new]}, BLOBs as hex
) STRICT;

CREATE TABLE act_now (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  act INTEGER NOT NULL
) STRICT;

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

CREATE TABLE answers (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),
  visit_id INTEGER REFERENCES visits(id),
  treatment_id INTEGER REFERENCES treatments(id),
  task_id INTEGER,
  template_id INTEGER NOT NULL REFERENCES form_templates(id),
  form_code TEXT NOT NULL,
  body_sealed BLOB NOT NULL,                -- canonical JSON of the answers
  flags_sealed BLOB,                        -- JSON: contraindication hits and red flags
  red INTEGER NOT NULL DEFAULT 0 CHECK (red IN (0,1)),
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft','signed','amended','void')),
  filled_by TEXT NOT NULL DEFAULT 'staff' CHECK (filled_by IN ('staff','client','guest')),
  staff_id INTEGER REFERENCES staff(id),
  signed_at TEXT,
  signed_by INTEGER REFERENCES staff(id),
  supersedes INTEGER REFERENCES answers(id),
  reason_sealed BLOB,
  sha256 TEXT NOT NULL DEFAULT '',
  voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason_sealed BLOB
) STRICT;

CREATE TABLE appointments (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),
  lead_id INTEGER REFERENCES leads(id),
  item_id INTEGER REFERENCES items(id),
  staff_id INTEGER REFERENCES staff(id),    -- operator or consultant booked
  room_id INTEGER REFERENCES rooms(id),
  device_id INTEGER REFERENCES devices(id),
  order_line_id INTEGER REFERENCES order_lines(id), -- a remaining session being used
  starts_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'confirmed' CHECK (state IN ('requested','confirmed','arrived','cancelled','no_show')),
  cancel_reason_sealed BLOB,
  overlap_by INTEGER REFERENCES staff(id),
  overlap_reason_sealed BLOB,
  note_sealed BLOB,
  ask_doctor INTEGER NOT NULL DEFAULT 0 CHECK (ask_doctor IN (0,1)),
  series_id INTEGER REFERENCES appointments(id), -- the first of a course that was booked together (row:A5)
  before TEXT NOT NULL DEFAULT '' CHECK (before IN ('','requested','confirmed')), -- the state before the arrival, for taking that back
  CHECK (client_id IS NOT NULL OR lead_id IS NOT NULL),
  CHECK (ends_at > starts_at)
) STRICT;

CREATE TABLE booking_import_rows (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  import_id INTEGER NOT NULL REFERENCES booking_imports(id),
  line INTEGER NOT NULL,                    -- of the table
  order_index BLOB,                         -- keyed hash of the platform's order number
  appointment_id INTEGER REFERENCES appointments(id),
  request_id INTEGER REFERENCES booking_requests(id),
  lead_id INTEGER REFERENCES leads(id),     -- the inquiry that the row made
  undone_at TEXT,
  CHECK (appointment_id IS NOT NULL OR request_id IS NOT NULL)
) STRICT;

CREATE TABLE booking_imports (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  total INTEGER NOT NULL,
  booked INTEGER NOT NULL DEFAULT 0,
  asked INTEGER NOT NULL DEFAULT 0,         -- became requests that the desk answers
  doubles INTEGER NOT NULL DEFAULT 0,
  wrong INTEGER NOT NULL DEFAULT 0,
  undone INTEGER NOT NULL DEFAULT 0,
  kept INTEGER NOT NULL DEFAULT 0,          -- were changed or answered since and stay
  undone_at TEXT,
  undone_by INTEGER REFERENCES staff(id),
  undo_reason_sealed BLOB
) STRICT;

CREATE TABLE booking_requests (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),  -- whom the desk took it for
  lead_id INTEGER REFERENCES leads(id),
  item_id INTEGER REFERENCES items(id),      -- NULL: a talk
  number TEXT NOT NULL UNIQUE,
  token_hash BLOB NOT NULL UNIQUE,           -- of the guest's own page
  name_sealed BLOB,
  phone_sealed BLOB,
  phone_index BLOB,
  day TEXT NOT NULL,
  from_minute INTEGER NOT NULL CHECK (from_minute >= 0),  -- since midnight
  to_minute INTEGER NOT NULL CHECK (to_minute <= 1440),
  minutes INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','accepted','declined')),
  appointment_id INTEGER REFERENCES appointments(id),
  note_sealed BLOB,                          -- what the table of a platform said of it
  CHECK (to_minute > from_minute)
) STRICT;

CREATE TABLE case_views (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  case_id INTEGER NOT NULL REFERENCES cases(id),
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  shown_at TEXT NOT NULL,
  CONSTRAINT case_view_once UNIQUE (visit_id, case_id)
) STRICT;

CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  item_kind TEXT NOT NULL,                  -- procedures.csv kind
  title_sealed BLOB NOT NULL,               -- names nobody, yet tells of one person
  story_sealed BLOB,
  before_media_id INTEGER REFERENCES media(id),
  after_media_id INTEGER REFERENCES media(id),
  consent_id INTEGER REFERENCES client_consents(id),
  authorised_until TEXT,
  state TEXT NOT NULL DEFAULT 'shown' CHECK (state IN ('shown','withdrawn')),
  withdrawn_at TEXT,
  withdrawn_by INTEGER REFERENCES staff(id),
  withdraw_reason_sealed BLOB
) STRICT;

CREATE TABLE checks (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('disinfection','device','kit','fridge','maintenance','calibration')),
  room_id INTEGER REFERENCES rooms(id),
  device_id INTEGER REFERENCES devices(id),
  ok INTEGER NOT NULL CHECK (ok IN (0,1)),
  body TEXT NOT NULL DEFAULT '{}',          -- JSON: method, values, missing things
  note TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason_sealed BLOB
) STRICT;

CREATE TABLE class_keys (
  id INTEGER PRIMARY KEY,
  class TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  wrapped_key BLOB NOT NULL
) STRICT;

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

CREATE TABLE client_tags (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER NOT NULL REFERENCES clients(id),
  tag_id INTEGER NOT NULL REFERENCES tags(id),
  ended_at TEXT
) STRICT;

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

CREATE TABLE contact_choices (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER NOT NULL UNIQUE REFERENCES clients(id),
  phone_index BLOB,                         -- NULL: a file without a phone
  no_marketing INTEGER NOT NULL DEFAULT 0 CHECK (no_marketing IN (0,1)),
  no_service INTEGER NOT NULL DEFAULT 0 CHECK (no_service IN (0,1)),
  lang TEXT NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh','en')),
  chosen_by INTEGER REFERENCES staff(id)
) STRICT;

CREATE TABLE contra_rulings (               -- a soft hit needs the doctor's written reason, a hard one stops
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  plan_item_id INTEGER NOT NULL REFERENCES plan_items(id),
  code TEXT NOT NULL,                       -- dictionary code
  level TEXT NOT NULL CHECK (level IN ('H','S')),
  decision TEXT NOT NULL CHECK (decision IN ('stop','proceed')),
  reason_sealed BLOB NOT NULL,
  physician_id INTEGER NOT NULL REFERENCES staff(id),
  second_id INTEGER REFERENCES staff(id),
  at TEXT NOT NULL,
  CONSTRAINT contra_ruling_once UNIQUE (plan_item_id, code)
) STRICT;

CREATE TABLE counters (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  value INTEGER NOT NULL
) STRICT;

CREATE TABLE devices (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,                       -- matches items.device_kind
  registration TEXT NOT NULL DEFAULT '',
  room_id INTEGER REFERENCES rooms(id),
  maintenance_due_on TEXT,                  -- REG-DEV-13
  calibration_due_on TEXT,
  state TEXT NOT NULL DEFAULT 'in_use' CHECK (state IN ('in_use','stopped','repair','retired'))
) STRICT;

CREATE TABLE document_templates (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  code TEXT NOT NULL,
  edition INTEGER NOT NULL,
  body TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  reviewed_at TEXT,
  reviewed_by INTEGER REFERENCES staff(id),
  published_at TEXT NOT NULL,
  CONSTRAINT document_template_edition_unique UNIQUE (code, edition)
) STRICT;

CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,                       -- privacy, health_consent, quote, contract, consent, off_label, settlement, receipt, guide, emergency_card, record, refund
  client_id INTEGER REFERENCES clients(id),
  visit_id INTEGER REFERENCES visits(id),
  treatment_id INTEGER REFERENCES treatments(id),
  plan_id INTEGER REFERENCES plans(id),
  plan_item_id INTEGER REFERENCES plan_items(id),
  order_id INTEGER REFERENCES orders(id),
  template_id INTEGER NOT NULL REFERENCES document_templates(id),
  lang TEXT NOT NULL DEFAULT 'zh',
  body_sealed BLOB NOT NULL,                -- canonical block JSON, exactly what was shown
  sha256 TEXT NOT NULL,
  signers TEXT NOT NULL DEFAULT '[]',       -- JSON list of signer roles still and ever required
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','complete','void')),
  completed_at TEXT,
  valid_until TEXT,
  printed_count INTEGER NOT NULL DEFAULT 0,
  voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason_sealed BLOB
) STRICT;

CREATE TABLE drafts (
  id INTEGER PRIMARY KEY,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  form_key TEXT NOT NULL,
  body_sealed BLOB NOT NULL,
  saved_at TEXT NOT NULL,
  CONSTRAINT draft_unique UNIQUE (staff_id, form_key)
) STRICT;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('red_flag','adverse')),
  code TEXT NOT NULL DEFAULT '',            -- ESC-VO …
  client_id INTEGER NOT NULL REFERENCES clients(id),
  visit_id INTEGER REFERENCES visits(id),
  treatment_id INTEGER REFERENCES treatments(id),
  task_id INTEGER REFERENCES tasks(id),
  answer_id INTEGER REFERENCES answers(id),
  severity TEXT NOT NULL DEFAULT '' CHECK (severity IN ('','A','B','C','D','E')),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','taken','closed')),
  note_sealed BLOB,
  opened_at TEXT NOT NULL,
  opened_by INTEGER REFERENCES staff(id),
  taken_at TEXT,
  taken_by INTEGER REFERENCES staff(id),
  closed_at TEXT,
  closed_by INTEGER REFERENCES staff(id),
  outcome_sealed BLOB,
  told_sealed BLOB,                         -- which answers raised it, one a line
  steps TEXT NOT NULL DEFAULT '[]'          -- JSON: steps of the emergency card done, with card, time and staff
) STRICT;

CREATE TABLE exams (                        -- 面诊 (F15): no order without one (REG-STF-09)
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  client_id INTEGER NOT NULL REFERENCES clients(id),
  physician_id INTEGER NOT NULL REFERENCES staff(id),
  answer_id INTEGER NOT NULL REFERENCES answers(id),
  verdict TEXT NOT NULL CHECK (verdict IN ('fit','defer','refuse')),
  signed_at TEXT NOT NULL
) STRICT;

CREATE TABLE exports (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  list TEXT NOT NULL,
  filter_sealed BLOB,                       -- JSON: what the page showed of the list
  rows INTEGER NOT NULL,                    -- counted when it was asked for
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  reason_sealed BLOB,                       -- of lists with personal data
  state TEXT NOT NULL CHECK (state IN ('held','open','refused','fetched')),
  open_at TEXT,                             -- from when it may be fetched, for a day
  task_id INTEGER REFERENCES tasks(id),
  decided_by INTEGER REFERENCES staff(id),
  decision_sealed BLOB,                     -- what the second person said
  fetched_at TEXT
) STRICT;

CREATE TABLE form_templates (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  code TEXT NOT NULL,
  edition INTEGER NOT NULL,
  body TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  edited INTEGER NOT NULL DEFAULT 0 CHECK (edited IN (0,1)), -- written by the clinic, not embedded
  published_at TEXT NOT NULL,
  CONSTRAINT form_template_edition_unique UNIQUE (code, edition)
) STRICT;

CREATE TABLE guest_links (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('form','guide','rating','progress','queue')),
  client_id INTEGER REFERENCES clients(id),
  visit_id INTEGER REFERENCES visits(id),
  document_id INTEGER REFERENCES documents(id),
  care_template TEXT NOT NULL DEFAULT '',
  expires_at TEXT NOT NULL,
  used_at TEXT,
  revoked_at TEXT
) STRICT;

CREATE TABLE import_files (
  id INTEGER PRIMARY KEY,                   -- that of the import
  body_sealed BLOB NOT NULL,                -- sheets and their cells, packed
  saved_at TEXT NOT NULL
) STRICT;

CREATE TABLE import_fills (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  import_id INTEGER NOT NULL REFERENCES imports(id),
  client_id INTEGER NOT NULL REFERENCES clients(id),
  stands INTEGER NOT NULL,                  -- version of the file after the filling
  fields TEXT NOT NULL DEFAULT '[]',        -- JSON: names of the fields that were empty before
  undone_at TEXT
) STRICT;

CREATE TABLE import_maps (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  headings_index BLOB NOT NULL UNIQUE,      -- keyed hash of the headings in their order
  columns TEXT NOT NULL DEFAULT '[]'        -- JSON: code of the field of each column
) STRICT;

CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  state TEXT NOT NULL DEFAULT 'read' CHECK (state IN ('read','running','done','undoing','undone','dropped')),
  file_sealed BLOB NOT NULL,                -- name of the file
  plan_sealed BLOB,                         -- JSON: sheet, what each column is, choices about duplicates
  total INTEGER NOT NULL DEFAULT 0,         -- rows of the sheet
  next INTEGER NOT NULL DEFAULT 0,          -- rows done so far; while undoing the last client looked at
  added INTEGER NOT NULL DEFAULT 0,
  filled INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  undone INTEGER NOT NULL DEFAULT 0,        -- files taken back
  kept INTEGER NOT NULL DEFAULT 0,          -- files that were used since and stay
  started_at TEXT,
  ended_at TEXT,
  undone_at TEXT,
  undone_by INTEGER REFERENCES staff(id),
  undo_reason_sealed BLOB,
  refusals_sealed BLOB                      -- JSON: which rows did not come in, and why; never what stood in them
) STRICT;

CREATE TABLE intakes (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),  -- whose file took it
  visit_id INTEGER REFERENCES visits(id),    -- of whose page it was filled; NULL: at the counter
  number TEXT NOT NULL UNIQUE,
  token_hash BLOB NOT NULL UNIQUE,           -- of the guest's own page
  profile_sealed BLOB,                          -- JSON; emptied when it is taken or put away
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','taken','dropped'))
) STRICT;

CREATE TABLE invoices (                     -- numbers of tax invoices issued elsewhere (REG-FEE-18, REG-FEE-20)
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  order_id INTEGER NOT NULL REFERENCES orders(id),
  client_id INTEGER NOT NULL REFERENCES clients(id),
  number TEXT NOT NULL,
  title_sealed BLOB,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason_sealed BLOB,
  CONSTRAINT invoice_number_unique UNIQUE (number)
) STRICT;

CREATE TABLE item_prices (                  -- price history (row:E2)
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  item_id INTEGER NOT NULL REFERENCES items(id),
  price_fen INTEGER NOT NULL,
  price_low_fen INTEGER NOT NULL,
  price_high_fen INTEGER NOT NULL,
  valid_from TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  staff_id INTEGER REFERENCES staff(id)     -- NULL: the product's default
) STRICT;

CREATE TABLE items (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  code TEXT NOT NULL UNIQUE,                -- INJ-BTX-GL
  name TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL,                   -- 注射, 光电 …
  level TEXT NOT NULL CHECK (level IN ('none','1','2','3','4')),   -- 不属手术, 一级 … (REG-LVL-01)
  kind TEXT NOT NULL,                       -- botulinum, filler_ha, ipl …
  operator TEXT NOT NULL CHECK (operator IN ('lead_physician','physician','nurse')),
  minutes INTEGER NOT NULL,
  before_minutes INTEGER NOT NULL DEFAULT 0 CHECK (before_minutes BETWEEN 0 AND 240), -- to set room and device up (row:A4)
  after_minutes INTEGER NOT NULL DEFAULT 0 CHECK (after_minutes BETWEEN 0 AND 240),   -- to clean them
  room_kind TEXT NOT NULL DEFAULT '',
  device_kind TEXT NOT NULL DEFAULT '',     -- '' = no device needed
  anaesthesia TEXT NOT NULL DEFAULT '',
  price_fen INTEGER NOT NULL,               -- list price
  price_low_fen INTEGER NOT NULL,           -- band floor (row:E2)
  price_high_fen INTEGER NOT NULL,
  sessions INTEGER NOT NULL DEFAULT 1,
  interval_days INTEGER NOT NULL DEFAULT 0,
  contraindications TEXT NOT NULL DEFAULT '[]', -- JSON list of dictionary words
  followup_days TEXT NOT NULL DEFAULT '[]',     -- JSON list of day offsets
  care_template TEXT NOT NULL,              -- AC-BTX
  form_code TEXT NOT NULL,                  -- F7-BTX
  depth TEXT NOT NULL CHECK (depth IN ('L1','L2','L3')), -- check depth
  risk_tier INTEGER NOT NULL CHECK (risk_tier BETWEEN 1 AND 5),
  off_label INTEGER NOT NULL DEFAULT 0 CHECK (off_label IN (0,1)),
  side_mark INTEGER NOT NULL DEFAULT 0 CHECK (side_mark IN (0,1)),
  observe_minutes INTEGER NOT NULL DEFAULT 0,
  product_kinds TEXT NOT NULL DEFAULT '[]', -- JSON list of product codes or uses
  uses TEXT NOT NULL DEFAULT '[]',          -- JSON [{kind, qty}]: usual amount per session, thousandths of the unit
  photo_views TEXT NOT NULL DEFAULT '["front"]',
  high_risk INTEGER NOT NULL DEFAULT 0 CHECK (high_risk IN (0,1)),   -- region with vessels to the eye (REG-CON-09)
  chaperone INTEGER NOT NULL DEFAULT 0 CHECK (chaperone IN (0,1)),   -- private region: two members of staff
  needs_kit INTEGER NOT NULL DEFAULT 0 CHECK (needs_kit IN (0,1)),   -- emergency kit checked before the start (S4-11)
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0,1)),
  remark TEXT NOT NULL DEFAULT '',
  scope TEXT NOT NULL DEFAULT '' CHECK (scope IN ('','surgery','dentistry','dermatology','tcm')), -- 诊疗科目 (REG-ORG-02)
  recovery_days INTEGER NOT NULL DEFAULT -1 CHECK (recovery_days BETWEEN -1 AND 365),
  about TEXT NOT NULL DEFAULT '{}',         -- JSON {zh,en: {suitable, principle, steps, recovery}} (row:E1)
  described_by INTEGER REFERENCES staff(id) -- who stands for the description; NULL: the product's default
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

CREATE TABLE login_attempts (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL,
  address TEXT NOT NULL,
  at TEXT NOT NULL,
  ok INTEGER NOT NULL CHECK (ok IN (0,1))
) STRICT;

CREATE TABLE lot_codes (                    -- one code a pack: GS1 serial or 20-digit trace code
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  lot_id INTEGER NOT NULL REFERENCES lots(id),
  code TEXT NOT NULL UNIQUE,
  used_at TEXT
) STRICT;

CREATE TABLE lot_uses (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  treatment_id INTEGER NOT NULL REFERENCES treatments(id),
  lot_id INTEGER NOT NULL REFERENCES lots(id),
  code TEXT NOT NULL DEFAULT '',
  taken_qty INTEGER NOT NULL CHECK (taken_qty > 0),
  used_qty INTEGER NOT NULL DEFAULT 0 CHECK (used_qty >= 0),
  wasted_qty INTEGER NOT NULL DEFAULT 0 CHECK (wasted_qty >= 0),
  returned_qty INTEGER NOT NULL DEFAULT 0 CHECK (returned_qty >= 0),
  taken_at TEXT NOT NULL,
  taken_by INTEGER NOT NULL REFERENCES staff(id),
  second_id INTEGER REFERENCES staff(id),   -- the witness who entered a PIN (REG-DRG-03)
  closed_at TEXT,
  waste_second_id INTEGER REFERENCES staff(id),
  reason_sealed BLOB,                  -- why not first-expiry-first, or why it went back
  CHECK (used_qty + wasted_qty + returned_qty <= taken_qty)
) STRICT;

CREATE TABLE lots (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES products(id),
  lot TEXT NOT NULL,
  expires_on TEXT,
  supplier TEXT NOT NULL DEFAULT '',
  invoice TEXT NOT NULL DEFAULT '',
  registration TEXT NOT NULL DEFAULT '',
  arrival_celsius TEXT NOT NULL DEFAULT '',
  received_at TEXT NOT NULL,
  received_by INTEGER NOT NULL REFERENCES staff(id),
  received_qty INTEGER NOT NULL CHECK (received_qty > 0),
  state TEXT NOT NULL DEFAULT 'ok' CHECK (state IN ('ok','quarantine','recalled')),
  CONSTRAINT lot_unique UNIQUE (product_id, lot)
) STRICT;

CREATE TABLE media (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),
  visit_id INTEGER REFERENCES visits(id),
  treatment_id INTEGER REFERENCES treatments(id),
  kind TEXT NOT NULL CHECK (kind IN ('baseline','immediate','review','face','id_check','case','attachment','mark')),
  view TEXT NOT NULL DEFAULT '',            -- front, left45, right45, left90, right90, other
  file TEXT NOT NULL UNIQUE,                -- random name, never a hash (rulings 16)
  hash_sealed BLOB NOT NULL,
  width INTEGER NOT NULL, height INTEGER NOT NULL, bytes INTEGER NOT NULL,
  taken_at TEXT NOT NULL,
  taken_by INTEGER REFERENCES staff(id),
  state TEXT NOT NULL DEFAULT 'kept' CHECK (state IN ('kept','void')),
  voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason_sealed BLOB
) STRICT;

CREATE TABLE order_lines (                  -- one prepaid item with its sessions; ledger 'session' holds what is left
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  order_id INTEGER NOT NULL REFERENCES orders(id),
  plan_item_id INTEGER REFERENCES plan_items(id),
  item_id INTEGER NOT NULL REFERENCES items(id),
  sessions INTEGER NOT NULL CHECK (sessions > 0),
  price_fen INTEGER NOT NULL CHECK (price_fen >= 0),   -- per session
  total_fen INTEGER NOT NULL CHECK (total_fen >= 0),
  expires_on TEXT
) STRICT;

CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  client_id INTEGER NOT NULL REFERENCES clients(id),
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  plan_id INTEGER REFERENCES plans(id),
  total_fen INTEGER NOT NULL CHECK (total_fen >= 0),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','paid','cancelled','refunded')),
  cooling_until TEXT,                       -- end of the cooling-off period (REG-CON-11)
  closed_at TEXT,
  cancel_reason_sealed BLOB
) STRICT;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  kind TEXT NOT NULL,                       -- reminder, confirm, change, cancelled, followup, birthday, rating, house
  channel TEXT NOT NULL DEFAULT 'person' CHECK (channel IN ('person','sms','wecom','mail','webhook')),
  client_id INTEGER REFERENCES clients(id),
  lead_id INTEGER REFERENCES leads(id),     -- of an inquiry without a file
  visit_id INTEGER REFERENCES visits(id),
  appointment_id INTEGER REFERENCES appointments(id),
  task_id INTEGER REFERENCES tasks(id),
  key TEXT NOT NULL UNIQUE,                 -- once only: kind, subject and time
  text_sealed BLOB NOT NULL,
  address_sealed BLOB,                      -- the phone; '' goes by the house's own gateway
  facts_sealed BLOB,                        -- JSON: what was put into the text, in order, for gateways with templates
  state TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready','sending','sent','failed','unsure','dropped')),
  why TEXT NOT NULL DEFAULT '',             -- word of why it failed, was dropped or is unsure
  code TEXT NOT NULL DEFAULT '',            -- of the gateway's answer
  send_after TEXT NOT NULL,
  expires_at TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  gateway TEXT NOT NULL DEFAULT '',         -- which one took it
  sent_at TEXT,
  sent_by INTEGER REFERENCES staff(id)
) STRICT;

CREATE TABLE payment_legs (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  payment_id INTEGER NOT NULL REFERENCES payments(id),
  method TEXT NOT NULL CHECK (method IN ('cash','wechat','alipay','card','points')),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  tendered_fen INTEGER NOT NULL DEFAULT 0,
  reference_sealed BLOB
) STRICT;

CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  order_id INTEGER NOT NULL REFERENCES orders(id),
  kind TEXT NOT NULL CHECK (kind IN ('payment','refund','void')),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  points_fen INTEGER NOT NULL DEFAULT 0,    -- the part of it that came, or went back, as points of the member (row:C6)
  cashier_id INTEGER NOT NULL REFERENCES staff(id),
  approved_by INTEGER REFERENCES staff(id),
  at TEXT NOT NULL,
  day TEXT NOT NULL,
  reverses INTEGER REFERENCES payments(id),
  reason_sealed BLOB,
  document_id INTEGER REFERENCES documents(id),
  printed INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT payment_reversed_once UNIQUE (reverses),
  CONSTRAINT payment_points CHECK (points_fen BETWEEN 0 AND amount_fen)
) STRICT;

CREATE TABLE phrase_hits (                  -- words marked while typing and kept anyway
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visit_id INTEGER REFERENCES visits(id),
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  place TEXT NOT NULL,
  phrase TEXT NOT NULL,
  category TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('block','warn')),
  reason_sealed BLOB,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE plan_items (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  plan_id INTEGER NOT NULL REFERENCES plans(id),
  item_id INTEGER NOT NULL REFERENCES items(id),
  area_sealed BLOB,
  dose_sealed BLOB,
  purpose_sealed BLOB,                      -- what this line is for, as its consent prints it
  sessions INTEGER NOT NULL DEFAULT 1 CHECK (sessions BETWEEN 1 AND 50),
  interval_days INTEGER NOT NULL DEFAULT 0,
  list_fen INTEGER NOT NULL,                -- catalogue price when planned
  price_fen INTEGER NOT NULL,               -- per session, agreed
  price_reason_sealed BLOB,
  approved_by INTEGER REFERENCES staff(id), -- manager's or owner's word for a price outside the band
  off_label_reason_sealed BLOB,
  state TEXT NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed','stopped','approved','removed'))
) STRICT;

CREATE TABLE plans (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  client_id INTEGER NOT NULL REFERENCES clients(id),
  exam_id INTEGER REFERENCES exams(id),
  consultant_id INTEGER REFERENCES staff(id),
  physician_id INTEGER REFERENCES staff(id),
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft','approved','quoted','accepted','ordered','refused','void')),
  approved_at TEXT,
  cases_reason_sealed BLOB,                  -- why fewer than three cases were shown
  decision_reason_sealed BLOB,
  voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason_sealed BLOB
) STRICT;

CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,                       -- 药品, 三类器械 …
  use_kind TEXT NOT NULL DEFAULT '',        -- botulinum, filler_ha, hyaluronidase, anaesthetic … matched by items.product_kinds
  unit TEXT NOT NULL,                       -- U, ml, 支 …
  pack_qty INTEGER NOT NULL DEFAULT 1000,   -- content of one pack in thousandths of the unit
  storage TEXT NOT NULL DEFAULT '',
  cold_chain INTEGER NOT NULL DEFAULT 0 CHECK (cold_chain IN (0,1)),
  toxic INTEGER NOT NULL DEFAULT 0 CHECK (toxic IN (0,1)),  -- REG-DRG-01: two persons
  lot_tracked INTEGER NOT NULL DEFAULT 1 CHECK (lot_tracked IN (0,1)),
  expiry_tracked INTEGER NOT NULL DEFAULT 1 CHECK (expiry_tracked IN (0,1)),
  udi INTEGER NOT NULL DEFAULT 0 CHECK (udi IN (0,1)),
  opened_hours INTEGER NOT NULL DEFAULT 0, -- 0: single use
  licence_prefix TEXT NOT NULL DEFAULT '',
  registration TEXT NOT NULL DEFAULT '',
  low_qty INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE ratings (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  client_id INTEGER NOT NULL REFERENCES clients(id),
  answer_id INTEGER NOT NULL REFERENCES answers(id),
  score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),
  nps INTEGER CHECK (nps BETWEEN 0 AND 10),
  asked_again TEXT NOT NULL DEFAULT '',     -- who asked what was told already: "no", or roles parted by commas; '' not said
  anonymous INTEGER NOT NULL DEFAULT 0 CHECK (anonymous IN (0,1)),
  at TEXT NOT NULL,
  CONSTRAINT rating_visit_once UNIQUE (visit_id)
) STRICT;

CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,                       -- 注射室 …
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','closed'))
) STRICT;

CREATE TABLE schema_migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT;

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

CREATE TABLE settings (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL                       -- JSON
) STRICT;

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

CREATE TABLE signatures (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  document_id INTEGER NOT NULL REFERENCES documents(id),
  signer_role TEXT NOT NULL,                -- client, guardian, witness, physician, consultant, nurse, cashier
  capacity TEXT NOT NULL DEFAULT '' CHECK (capacity IN ('','own','guardian','agent')), -- of the client's place
  staff_id INTEGER REFERENCES staff(id),
  name_sealed BLOB NOT NULL,
  relation_sealed BLOB,                     -- of a guardian or agent to the client
  reason_sealed BLOB,                       -- why somebody signs for the client, or where the proof is kept
  strokes_sealed BLOB NOT NULL,
  device TEXT NOT NULL DEFAULT '',
  signed_at TEXT NOT NULL,
  sha256 TEXT NOT NULL,                     -- of the document body that was on screen
  CONSTRAINT signature_once UNIQUE (document_id, signer_role)
) STRICT;

CREATE TABLE sop_runs (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  template_id INTEGER NOT NULL REFERENCES sop_templates(id),
  ended_at TEXT,
  CONSTRAINT sop_run_visit_unique UNIQUE (visit_id)
) STRICT;

CREATE TABLE sop_steps (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  run_id INTEGER NOT NULL REFERENCES sop_runs(id),
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  treatment_id INTEGER REFERENCES treatments(id),
  step TEXT NOT NULL,                       -- S4-08
  state TEXT NOT NULL CHECK (state IN ('open','done','manual','skipped','not_applicable','undone')),
  started_at TEXT,
  due_at TEXT,
  done_at TEXT,
  staff_id INTEGER REFERENCES staff(id),
  role TEXT NOT NULL DEFAULT '',
  reason_sealed BLOB,
  ref_noun TEXT NOT NULL DEFAULT '',
  ref_id INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE sop_templates (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  code TEXT NOT NULL,
  edition INTEGER NOT NULL,                 -- 1, 2, 3 … a visit keeps the edition it began with
  body TEXT NOT NULL,                       -- JSON
  body_sha256 TEXT NOT NULL,
  published_at TEXT NOT NULL,
  CONSTRAINT sop_template_edition_unique UNIQUE (code, edition)
) STRICT;

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

CREATE TABLE stock_counts (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  lot_id INTEGER NOT NULL REFERENCES lots(id),
  counted_qty INTEGER NOT NULL CHECK (counted_qty >= 0),
  balance_qty INTEGER NOT NULL,             -- of the ledger when it was counted
  note TEXT NOT NULL DEFAULT '',
  counted_at TEXT NOT NULL,
  counted_by INTEGER NOT NULL REFERENCES staff(id),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','matched','approved','rejected')),
  decided_at TEXT,
  decided_by INTEGER REFERENCES staff(id),
  reason TEXT NOT NULL DEFAULT '',
  CHECK (decided_by IS NULL OR decided_by <> counted_by)
) STRICT;

CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name TEXT NOT NULL,
  retired_at TEXT,
  CONSTRAINT tag_name_unique UNIQUE (name)
) STRICT;

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  kind TEXT NOT NULL,                       -- followup, escalation, call_back, sign_record, licence, device, approval, rating …
  subject_noun TEXT NOT NULL DEFAULT '',
  subject_id INTEGER NOT NULL DEFAULT 0,
  key TEXT NOT NULL,                        -- makes opening idempotent
  client_id INTEGER REFERENCES clients(id),
  visit_id INTEGER REFERENCES visits(id),
  treatment_id INTEGER REFERENCES treatments(id),
  also TEXT NOT NULL DEFAULT '[]',          -- JSON: further treatments of the visit that the same call is about
  title_key TEXT NOT NULL,                  -- words key
  title_args_sealed BLOB,                  -- JSON
  note_sealed BLOB,
  form_code TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL DEFAULT '',
  staff_id INTEGER REFERENCES staff(id),
  day_offset INTEGER,                       -- follow-ups: D0, D1, D2 …
  priority INTEGER NOT NULL DEFAULT 0,      -- 0 normal, 1 hard rule, 2 red flag
  warn_at TEXT,
  due_at TEXT NOT NULL,
  ladder TEXT NOT NULL DEFAULT '[]',        -- JSON rungs: minutes after due -> role
  rung INTEGER NOT NULL DEFAULT 0,
  escalate_at TEXT,
  escalated_to TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  tried_at TEXT,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','done','cancelled')),
  outcome TEXT NOT NULL DEFAULT '',
  answer_id INTEGER REFERENCES answers(id),
  done_at TEXT,
  done_by INTEGER REFERENCES staff(id),
  cancel_reason_sealed BLOB,
  CONSTRAINT task_key_unique UNIQUE (kind, key)
) STRICT;

CREATE TABLE tickets (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  day TEXT NOT NULL,
  stream TEXT NOT NULL CHECK (stream IN ('C','T')),
  number TEXT NOT NULL,                     -- C01
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','called','serving','skipped','done')),
  called_at TEXT,
  calls INTEGER NOT NULL DEFAULT 0,
  room_id INTEGER REFERENCES rooms(id),
  before TEXT NOT NULL DEFAULT '' CHECK (before IN ('','waiting','called','serving','skipped')), -- the last deed, to be undone
  printed INTEGER NOT NULL DEFAULT 0,
  way_sealed BLOB,                          -- the secret of the client's own progress page
  CONSTRAINT ticket_number_unique UNIQUE (day, number)
) STRICT;

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

CREATE TABLE till_counts (                  -- cash counted at the end of a day; the last one of a day counts
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  day TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  at TEXT NOT NULL,
  expected_fen INTEGER NOT NULL,
  counted_fen INTEGER NOT NULL CHECK (counted_fen >= 0),
  reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE treatment_notes (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  treatment_id INTEGER NOT NULL REFERENCES treatments(id),
  client_id INTEGER NOT NULL REFERENCES clients(id),
  kind TEXT NOT NULL CHECK (kind IN ('identity','skintest','clearance','companion','reaction','counts','stop')),
  at TEXT NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff(id),
  second_id INTEGER REFERENCES staff(id),
  body_sealed BLOB,                         -- JSON
  voided_at TEXT, voided_by INTEGER REFERENCES staff(id), void_reason_sealed BLOB,
  CHECK (second_id IS NULL OR second_id <> staff_id)
) STRICT;

CREATE TABLE treatments (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  client_id INTEGER NOT NULL REFERENCES clients(id),
  order_line_id INTEGER NOT NULL REFERENCES order_lines(id),
  item_id INTEGER NOT NULL REFERENCES items(id),
  plan_item_id INTEGER REFERENCES plan_items(id),
  session_no INTEGER NOT NULL DEFAULT 1,
  area_sealed BLOB,
  state TEXT NOT NULL DEFAULT 'scheduled' CHECK (state IN ('scheduled','signed_in','timed_out','in_progress','signed_out','observing','released','stopped','cancelled')),
  operator_id INTEGER REFERENCES staff(id),
  nurse_id INTEGER REFERENCES staff(id),
  room_id INTEGER REFERENCES rooms(id),
  device_id INTEGER REFERENCES devices(id),
  photo_reason_sealed BLOB,                  -- why there is no baseline photo
  signed_in_at TEXT, timed_out_at TEXT, started_at TEXT, finished_at TEXT,
  observe_until TEXT, released_at TEXT,
  record_answer_id INTEGER REFERENCES answers(id),
  record_signed_at TEXT,
  record_signed_by INTEGER REFERENCES staff(id),
  stop_reason_sealed BLOB
) STRICT;

CREATE TABLE visits (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,              -- V20260301-003
  client_id INTEGER NOT NULL REFERENCES clients(id),
  appointment_id INTEGER REFERENCES appointments(id),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','completed','left','consent_refused','doctor_refused','stopped')),
  stage TEXT NOT NULL DEFAULT 'S1' CHECK (stage IN ('S1','S2','S3','S4','S5','S6')),
  station TEXT NOT NULL DEFAULT 'waiting' CHECK (station IN ('waiting','consultation','examination','plan','till','preop','procedure','observation','leaving','gone')),
  station_at TEXT NOT NULL,
  room_id INTEGER REFERENCES rooms(id),
  consultant_id INTEGER REFERENCES staff(id),
  consultant_reason_sealed BLOB,
  physician_id INTEGER REFERENCES staff(id),
  arrived_at TEXT NOT NULL,
  greeted_at TEXT,
  closed_at TEXT,
  close_reason_sealed BLOB,
  vip INTEGER NOT NULL DEFAULT 0 CHECK (vip IN (0,1)),
  wanted TEXT NOT NULL DEFAULT '[]'         -- paid order lines the client came to use today
) STRICT;

CREATE TABLE wait_breaches (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  day TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('first','room')),
  level TEXT NOT NULL CHECK (level IN ('normal','member','vip')),
  minutes INTEGER NOT NULL CHECK (minutes > 0), -- the limit
  began_at TEXT NOT NULL,
  ended_at TEXT,
  staff_id INTEGER REFERENCES staff(id),    -- who gave the reason
  reason_sealed BLOB,
  CONSTRAINT wait_breach_once UNIQUE (visit_id, kind)
) STRICT;

CREATE TABLE waits (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),
  lead_id INTEGER REFERENCES leads(id),
  item_id INTEGER REFERENCES items(id),
  staff_id INTEGER REFERENCES staff(id),    -- NULL: anybody who may
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  from_minute INTEGER NOT NULL DEFAULT 0 CHECK (from_minute >= 0),       -- since midnight
  to_minute INTEGER NOT NULL DEFAULT 1440 CHECK (to_minute <= 1440),
  minutes INTEGER NOT NULL,
  urgency INTEGER NOT NULL DEFAULT 0 CHECK (urgency BETWEEN 0 AND 2),    -- 2 is urgent
  note_sealed BLOB,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','booked','closed')),
  appointment_id INTEGER REFERENCES appointments(id),
  close_reason_sealed BLOB,
  CHECK (client_id IS NOT NULL OR lead_id IS NOT NULL),
  CHECK (to_day >= from_day),
  CHECK (to_minute > from_minute)
) STRICT;

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

CREATE INDEX act_changes_act ON act_changes(act, id);

CREATE INDEX act_changes_row ON act_changes(tbl, row);

CREATE INDEX acts_at ON acts(at);

CREATE INDEX acts_staff ON acts(staff_id, at);

CREATE INDEX acts_subject ON acts(subject_noun, subject_id);

CREATE UNIQUE INDEX answer_superseded_once ON answers(supersedes) WHERE supersedes IS NOT NULL;

CREATE INDEX answers_client ON answers(client_id, form_code, id);

CREATE INDEX answers_treatment ON answers(treatment_id, form_code, id);

CREATE INDEX answers_visit ON answers(visit_id, form_code, id);

CREATE UNIQUE INDEX appointment_staff_slot ON appointments(staff_id, starts_at)
  WHERE staff_id IS NOT NULL AND state IN ('requested','confirmed') AND overlap_by IS NULL;

CREATE INDEX appointments_client ON appointments(client_id);

CREATE INDEX appointments_day ON appointments(starts_at, state);

CREATE INDEX appointments_series ON appointments(series_id) WHERE series_id IS NOT NULL;

CREATE UNIQUE INDEX booking_import_order ON booking_import_rows(order_index) WHERE order_index IS NOT NULL AND undone_at IS NULL;

CREATE INDEX booking_import_rows_import ON booking_import_rows(import_id, id);

CREATE INDEX booking_requests_client ON booking_requests(client_id) WHERE client_id IS NOT NULL;

CREATE INDEX booking_requests_state ON booking_requests(state, id);

CREATE INDEX cases_kind ON cases(item_kind, state);

CREATE INDEX checks_device ON checks(kind, device_id, at);

CREATE INDEX checks_room ON checks(kind, room_id, at);

CREATE UNIQUE INDEX client_consent_open ON client_consents(client_id, purpose) WHERE withdrawn_at IS NULL;

CREATE INDEX client_consents_client ON client_consents(client_id, id);

CREATE INDEX client_consents_purpose ON client_consents(purpose, id) WHERE withdrawn_at IS NULL;

CREATE INDEX client_figures_last ON client_figures(last_at, spent_fen);

CREATE INDEX client_figures_scores ON client_figures(m, r);

CREATE INDEX client_figures_spent ON client_figures(spent_fen, id);

CREATE INDEX client_figures_stage ON client_figures(stage, last_at);

CREATE UNIQUE INDEX client_merge_once ON client_merges(from_id) WHERE undone_at IS NULL;

CREATE INDEX client_merges_client ON client_merges(client_id);

CREATE INDEX client_merges_from ON client_merges(from_id);

CREATE INDEX client_moves_merge ON client_moves(merge_id, id);

CREATE INDEX client_moves_owner ON client_moves(owner_id);

CREATE INDEX client_moves_tbl ON client_moves(tbl, id);

CREATE UNIQUE INDEX client_tag_once ON client_tags(client_id, tag_id) WHERE ended_at IS NULL;

CREATE INDEX client_tags_tag ON client_tags(tag_id, client_id) WHERE ended_at IS NULL;

CREATE INDEX clients_consultant ON clients(consultant_id);

CREATE INDEX clients_gone ON clients(id) WHERE state <> 'active' OR voided_at IS NOT NULL;

CREATE INDEX clients_import ON clients(import_id, id) WHERE import_id IS NOT NULL;

CREATE INDEX clients_phone ON clients(phone_index);

CREATE INDEX clients_referrer ON clients(referrer_id) WHERE referrer_id IS NOT NULL;

CREATE INDEX clients_tier ON clients(tier);

CREATE INDEX contact_choices_phone ON contact_choices(phone_index);

CREATE INDEX documents_client ON documents(client_id, kind, id);

CREATE INDEX documents_order ON documents(order_id, id) WHERE order_id IS NOT NULL;

CREATE INDEX documents_plan ON documents(plan_id, id) WHERE plan_id IS NOT NULL;

CREATE INDEX documents_plan_item ON documents(plan_item_id, kind, id);

CREATE INDEX documents_treatment ON documents(treatment_id, id) WHERE treatment_id IS NOT NULL;

CREATE INDEX documents_visit ON documents(visit_id, kind, id);

CREATE INDEX events_answer ON events(answer_id) WHERE answer_id IS NOT NULL;

CREATE INDEX events_client ON events(client_id);

CREATE INDEX events_state ON events(state, opened_at);

CREATE INDEX exams_client ON exams(client_id, id);

CREATE INDEX exams_visit ON exams(visit_id, id);

CREATE INDEX exports_staff ON exports(staff_id, id);

CREATE INDEX exports_state ON exports(state, id);

CREATE INDEX guest_links_client ON guest_links(client_id) WHERE client_id IS NOT NULL;

CREATE INDEX guest_links_visit ON guest_links(visit_id, kind);

CREATE INDEX import_fills_client ON import_fills(client_id);

CREATE INDEX import_fills_import ON import_fills(import_id, id);

CREATE INDEX imports_state ON imports(state);

CREATE INDEX intakes_client ON intakes(client_id) WHERE client_id IS NOT NULL;

CREATE INDEX intakes_state ON intakes(state, id);

CREATE INDEX intakes_visit ON intakes(visit_id) WHERE visit_id IS NOT NULL;

CREATE INDEX invoices_client ON invoices(client_id);

CREATE INDEX invoices_order ON invoices(order_id);

CREATE INDEX item_prices_item ON item_prices(item_id, valid_from);

CREATE INDEX items_kind ON items(kind, enabled);

CREATE INDEX job_runs_job ON job_runs(job, started_at);

CREATE UNIQUE INDEX job_runs_once ON job_runs(job, day) WHERE outcome = 'ok' AND day <> '';

CREATE INDEX leads_client ON leads(client_id) WHERE client_id IS NOT NULL;

CREATE INDEX leads_phone ON leads(phone_index);

CREATE INDEX leads_state ON leads(state, created_at);

CREATE INDEX leads_visit ON leads(visit_id) WHERE visit_id IS NOT NULL;

CREATE INDEX leaves_day ON leaves(to_day, state);

CREATE INDEX leaves_staff ON leaves(staff_id, to_day);

CREATE INDEX ledger_account ON ledger(kind, account_id, id);

CREATE INDEX ledger_ref ON ledger(ref_noun, ref_id);

CREATE INDEX licences_staff ON licences(staff_id);

CREATE INDEX login_attempts_login ON login_attempts(login, at);

CREATE INDEX lot_codes_lot ON lot_codes(lot_id);

CREATE INDEX lot_uses_lot ON lot_uses(lot_id);

CREATE INDEX lot_uses_treatment ON lot_uses(treatment_id);

CREATE INDEX lots_fefo ON lots(product_id, state, expires_on);

CREATE INDEX lots_lot ON lots(lot);

CREATE INDEX media_client ON media(client_id, id);

CREATE INDEX media_taken ON media(taken_by, created_at);

CREATE INDEX media_treatment ON media(treatment_id, id) WHERE treatment_id IS NOT NULL;

CREATE INDEX media_visit ON media(visit_id, kind);

CREATE INDEX order_lines_order ON order_lines(order_id);

CREATE UNIQUE INDEX order_plan_once ON orders(plan_id) WHERE plan_id IS NOT NULL AND state <> 'cancelled';

CREATE INDEX orders_client ON orders(client_id, id);

CREATE INDEX orders_state ON orders(state, id);

CREATE INDEX orders_visit ON orders(visit_id);

CREATE INDEX outbox_appointment ON outbox(appointment_id) WHERE appointment_id IS NOT NULL;

CREATE INDEX outbox_client ON outbox(client_id) WHERE client_id IS NOT NULL;

CREATE INDEX outbox_ready ON outbox(send_after) WHERE state = 'ready';

CREATE INDEX outbox_state ON outbox(state, kind, expires_at, id);

CREATE INDEX payment_legs_payment ON payment_legs(payment_id);

CREATE INDEX payments_day ON payments(day, kind);

CREATE INDEX payments_order ON payments(order_id);

CREATE INDEX phrase_hits_visit ON phrase_hits(visit_id);

CREATE INDEX plan_items_plan ON plan_items(plan_id);

CREATE INDEX plans_client ON plans(client_id);

CREATE INDEX plans_visit ON plans(visit_id, id);

CREATE INDEX products_use ON products(use_kind);

CREATE INDEX ratings_at ON ratings(at);

CREATE INDEX ratings_client ON ratings(client_id);

CREATE UNIQUE INDEX segment_name_unique ON segments(name) WHERE retired_at IS NULL;

CREATE INDEX sessions_staff ON sessions(staff_id, ended_at);

CREATE INDEX sessions_station ON sessions(station, created_at);

CREATE INDEX shift_swaps_state ON shift_swaps(state, id);

CREATE INDEX shifts_day ON shifts(day, staff_id);

CREATE INDEX sop_steps_due ON sop_steps(due_at) WHERE state = 'open' AND due_at IS NOT NULL;

CREATE INDEX sop_steps_visit ON sop_steps(visit_id, step);

CREATE UNIQUE INDEX stock_count_open_one ON stock_counts(lot_id) WHERE state = 'open';

CREATE INDEX stock_counts_lot ON stock_counts(lot_id, id);

CREATE INDEX tasks_client ON tasks(client_id);

CREATE INDEX tasks_escalate ON tasks(escalate_at) WHERE state = 'open' AND escalate_at IS NOT NULL;

CREATE INDEX tasks_open_escalated ON tasks(escalated_to) WHERE state = 'open' AND escalated_to <> '';

CREATE INDEX tasks_open_role ON tasks(role, due_at) WHERE state = 'open';

CREATE INDEX tasks_open_staff ON tasks(staff_id, due_at) WHERE state = 'open';

CREATE INDEX tasks_visit ON tasks(visit_id);

CREATE INDEX tickets_state ON tickets(day, state);

CREATE INDEX tickets_visit ON tickets(visit_id);

CREATE INDEX tier_changes_client ON tier_changes(client_id, id);

CREATE INDEX till_counts_day ON till_counts(day);

CREATE INDEX treatment_notes_client ON treatment_notes(client_id);

CREATE INDEX treatment_notes_treatment ON treatment_notes(treatment_id, id);

CREATE UNIQUE INDEX treatment_operator_one ON treatments(operator_id) WHERE state = 'in_progress';

CREATE INDEX treatments_client ON treatments(client_id, id);

CREATE INDEX treatments_line ON treatments(order_line_id);

CREATE INDEX treatments_state ON treatments(state, id);

CREATE INDEX treatments_visit ON treatments(visit_id);

CREATE UNIQUE INDEX visit_open_once ON visits(client_id) WHERE state = 'open';

CREATE INDEX visits_client ON visits(client_id, id);

CREATE INDEX visits_state ON visits(state, arrived_at);

CREATE INDEX wait_breaches_day ON wait_breaches(day, id);

CREATE INDEX waits_client ON waits(client_id);

CREATE INDEX waits_state ON waits(state, to_day);
