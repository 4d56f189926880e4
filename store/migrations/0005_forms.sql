-- Forms: versioned templates and their answers. Answers are sealed with the client's key.
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
CREATE INDEX answers_client ON answers(client_id, form_code, id);
CREATE INDEX answers_visit ON answers(visit_id, form_code, id);
CREATE INDEX answers_treatment ON answers(treatment_id, form_code, id);
CREATE UNIQUE INDEX answer_superseded_once ON answers(supersedes) WHERE supersedes IS NOT NULL;
