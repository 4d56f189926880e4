-- Orders, payments and refunds. Balances are sums of the ledger, never columns.
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
CREATE INDEX orders_client ON orders(client_id, id);
CREATE INDEX orders_visit ON orders(visit_id);
CREATE INDEX orders_state ON orders(state, id);
CREATE UNIQUE INDEX order_plan_once ON orders(plan_id) WHERE plan_id IS NOT NULL AND state <> 'cancelled';

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
CREATE INDEX order_lines_order ON order_lines(order_id);

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
CREATE INDEX payments_order ON payments(order_id);
CREATE INDEX payments_day ON payments(day, kind);

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
CREATE INDEX payment_legs_payment ON payment_legs(payment_id);

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
CREATE INDEX till_counts_day ON till_counts(day);

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
CREATE INDEX invoices_order ON invoices(order_id);
