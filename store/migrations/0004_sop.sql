-- The SOP engine: versioned templates, runs pinned to one version, append-only stamps; tasks.
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
CREATE INDEX sop_steps_visit ON sop_steps(visit_id, step);
CREATE INDEX sop_steps_due ON sop_steps(due_at) WHERE state = 'open' AND due_at IS NOT NULL;

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
CREATE INDEX tasks_open_role ON tasks(role, due_at) WHERE state = 'open';
CREATE INDEX tasks_open_staff ON tasks(staff_id, due_at) WHERE state = 'open';
CREATE INDEX tasks_open_escalated ON tasks(escalated_to) WHERE state = 'open' AND escalated_to <> '';
CREATE INDEX tasks_escalate ON tasks(escalate_at) WHERE state = 'open' AND escalate_at IS NOT NULL;
CREATE INDEX tasks_client ON tasks(client_id);
CREATE INDEX tasks_visit ON tasks(visit_id);
