-- Documents frozen with their hash, their signatures, and media files.
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
CREATE INDEX documents_client ON documents(client_id, kind, id);
CREATE INDEX documents_visit ON documents(visit_id, kind, id);
CREATE INDEX documents_plan_item ON documents(plan_item_id, kind, id);
CREATE INDEX documents_plan ON documents(plan_id, id) WHERE plan_id IS NOT NULL;
CREATE INDEX documents_order ON documents(order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX documents_treatment ON documents(treatment_id, id) WHERE treatment_id IS NOT NULL;

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
CREATE INDEX media_client ON media(client_id, id);
CREATE INDEX media_visit ON media(visit_id, kind);
CREATE INDEX media_taken ON media(taken_by, created_at);
CREATE INDEX media_treatment ON media(treatment_id, id) WHERE treatment_id IS NOT NULL;

-- Authorised cases for the plan talk (row:D4). Demo pictures are media of kind 'case'.
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
CREATE INDEX cases_kind ON cases(item_kind, state);

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
