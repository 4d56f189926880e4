-- What the clinic sells and uses.
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
CREATE INDEX items_kind ON items(kind, enabled);

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
CREATE INDEX item_prices_item ON item_prices(item_id, valid_from);

CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,                       -- 注射室 …
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','closed'))
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

-- Room disinfection, device check, emergency kit, fridge, maintenance and calibration of a
-- device (REG-DEV-13): each stamp has an end.
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
CREATE INDEX checks_room ON checks(kind, room_id, at);
CREATE INDEX checks_device ON checks(kind, device_id, at);
