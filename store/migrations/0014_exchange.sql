-- What comes in from files and goes out as files (U6).
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
CREATE INDEX imports_state ON imports(state);

-- The rows of a file between upload and the end of the run; not in the trail, gone afterwards.
CREATE TABLE import_files (
  id INTEGER PRIMARY KEY,                   -- that of the import
  body_sealed BLOB NOT NULL,                -- sheets and their cells, packed
  saved_at TEXT NOT NULL
) STRICT;

-- Files that stood already and were filled in by an import, with what an undo must clear again.
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
CREATE INDEX import_fills_import ON import_fills(import_id, id);
CREATE INDEX import_fills_client ON import_fills(client_id);

-- What the columns of a set of headings were said to be the last time.
CREATE TABLE import_maps (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  headings_index BLOB NOT NULL UNIQUE,      -- keyed hash of the headings in their order
  columns TEXT NOT NULL DEFAULT '[]'        -- JSON: code of the field of each column
) STRICT;

-- What refers to a client is found by its id, so that an undo leaves what was used.
CREATE INDEX clients_referrer ON clients(referrer_id) WHERE referrer_id IS NOT NULL;
CREATE INDEX plans_client ON plans(client_id);
CREATE INDEX invoices_client ON invoices(client_id);
CREATE INDEX treatment_notes_client ON treatment_notes(client_id);
CREATE INDEX ratings_client ON ratings(client_id);
CREATE INDEX outbox_client ON outbox(client_id) WHERE client_id IS NOT NULL;
CREATE INDEX guest_links_client ON guest_links(client_id) WHERE client_id IS NOT NULL;
CREATE INDEX clients_import ON clients(import_id, id) WHERE import_id IS NOT NULL;

-- Lists that were asked for as a file; those with personal data say why and may wait for a second person.
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
CREATE INDEX exports_staff ON exports(staff_id, id);
CREATE INDEX exports_state ON exports(state, id);

-- Tables of bookings from outside platforms (row:A9), and what became of each row.
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
CREATE UNIQUE INDEX booking_import_order ON booking_import_rows(order_index) WHERE order_index IS NOT NULL AND undone_at IS NULL;
CREATE INDEX booking_import_rows_import ON booking_import_rows(import_id, id);
