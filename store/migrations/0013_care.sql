-- After the procedure: red flags and adverse events, ratings, the outbox.
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
CREATE INDEX events_state ON events(state, opened_at);
CREATE INDEX events_answer ON events(answer_id) WHERE answer_id IS NOT NULL;
CREATE INDEX events_client ON events(client_id);

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
CREATE INDEX ratings_at ON ratings(at);

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
CREATE INDEX outbox_ready ON outbox(send_after) WHERE state = 'ready';
CREATE INDEX outbox_state ON outbox(state, kind, expires_at, id);
CREATE INDEX outbox_appointment ON outbox(appointment_id) WHERE appointment_id IS NOT NULL;

-- What a client does not want to get any more, and in which language the rest is written. A no
-- belongs to the phone as well: whoever has the number is not written to, file or none (REG-ADV-16).
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
CREATE INDEX contact_choices_phone ON contact_choices(phone_index);
