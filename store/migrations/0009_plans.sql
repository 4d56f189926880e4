-- What the doctor allows and the client is offered.
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
CREATE INDEX exams_visit ON exams(visit_id, id);
CREATE INDEX exams_client ON exams(client_id, id);

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
CREATE INDEX plans_visit ON plans(visit_id, id);

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
CREATE INDEX plan_items_plan ON plan_items(plan_id);

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
CREATE INDEX phrase_hits_visit ON phrase_hits(visit_id);
