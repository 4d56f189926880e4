-- Products, lots and what was taken for whom. Quantities are thousandths of the product's unit.
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
CREATE INDEX products_use ON products(use_kind);

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
CREATE INDEX lots_lot ON lots(lot);
CREATE INDEX lots_fefo ON lots(product_id, state, expires_on);

CREATE TABLE lot_codes (                    -- one code a pack: GS1 serial or 20-digit trace code
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  lot_id INTEGER NOT NULL REFERENCES lots(id),
  code TEXT NOT NULL UNIQUE,
  used_at TEXT
) STRICT;
CREATE INDEX lot_codes_lot ON lot_codes(lot_id);

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
CREATE INDEX lot_uses_treatment ON lot_uses(treatment_id);
CREATE INDEX lot_uses_lot ON lot_uses(lot_id);

-- Blind counts: the counter does not see the balance, somebody else decides on a difference.
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
CREATE INDEX stock_counts_lot ON stock_counts(lot_id, id);
CREATE UNIQUE INDEX stock_count_open_one ON stock_counts(lot_id) WHERE state = 'open';
