-- One performance of one item: from the pre-op gate to leaving.
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
CREATE INDEX treatments_visit ON treatments(visit_id);
CREATE INDEX treatments_client ON treatments(client_id, id);
CREATE INDEX treatments_state ON treatments(state, id);
CREATE INDEX treatments_line ON treatments(order_line_id);
CREATE UNIQUE INDEX treatment_operator_one ON treatments(operator_id) WHERE state = 'in_progress';

-- What is noted around a treatment beside its forms: identity checks, clearances, reactions
-- with their time, counts. Never changed; a mistake is voided with a reason.
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
CREATE INDEX treatment_notes_treatment ON treatment_notes(treatment_id, id);
