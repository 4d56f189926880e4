-- Booked slots, visits and the queue.
CREATE TABLE appointments (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),
  lead_id INTEGER REFERENCES leads(id),
  item_id INTEGER REFERENCES items(id),
  staff_id INTEGER REFERENCES staff(id),    -- operator or consultant booked
  room_id INTEGER REFERENCES rooms(id),
  device_id INTEGER REFERENCES devices(id),
  order_line_id INTEGER REFERENCES order_lines(id), -- a remaining session being used
  starts_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'confirmed' CHECK (state IN ('requested','confirmed','arrived','cancelled','no_show')),
  cancel_reason_sealed BLOB,
  overlap_by INTEGER REFERENCES staff(id),
  overlap_reason_sealed BLOB,
  note_sealed BLOB,
  ask_doctor INTEGER NOT NULL DEFAULT 0 CHECK (ask_doctor IN (0,1)),
  series_id INTEGER REFERENCES appointments(id), -- the first of a course that was booked together (row:A5)
  before TEXT NOT NULL DEFAULT '' CHECK (before IN ('','requested','confirmed')), -- the state before the arrival, for taking that back
  CHECK (client_id IS NOT NULL OR lead_id IS NOT NULL),
  CHECK (ends_at > starts_at)
) STRICT;
CREATE INDEX appointments_day ON appointments(starts_at, state);
CREATE INDEX appointments_client ON appointments(client_id);
CREATE INDEX appointments_series ON appointments(series_id) WHERE series_id IS NOT NULL;
CREATE UNIQUE INDEX appointment_staff_slot ON appointments(staff_id, starts_at)
  WHERE staff_id IS NOT NULL AND state IN ('requested','confirmed') AND overlap_by IS NULL;

CREATE TABLE visits (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,              -- V20260301-003
  client_id INTEGER NOT NULL REFERENCES clients(id),
  appointment_id INTEGER REFERENCES appointments(id),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','completed','left','consent_refused','doctor_refused','stopped')),
  stage TEXT NOT NULL DEFAULT 'S1' CHECK (stage IN ('S1','S2','S3','S4','S5','S6')),
  station TEXT NOT NULL DEFAULT 'waiting' CHECK (station IN ('waiting','consultation','examination','plan','till','preop','procedure','observation','leaving','gone')),
  station_at TEXT NOT NULL,
  room_id INTEGER REFERENCES rooms(id),
  consultant_id INTEGER REFERENCES staff(id),
  consultant_reason_sealed BLOB,
  physician_id INTEGER REFERENCES staff(id),
  arrived_at TEXT NOT NULL,
  greeted_at TEXT,
  closed_at TEXT,
  close_reason_sealed BLOB,
  vip INTEGER NOT NULL DEFAULT 0 CHECK (vip IN (0,1)),
  wanted TEXT NOT NULL DEFAULT '[]'         -- paid order lines the client came to use today
) STRICT;
CREATE UNIQUE INDEX visit_open_once ON visits(client_id) WHERE state = 'open';
CREATE INDEX visits_state ON visits(state, arrived_at);
CREATE INDEX visits_client ON visits(client_id, id);

-- One queue number a visit; calls are stamped on it. The screen shows number, masked name, room.
CREATE TABLE tickets (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  day TEXT NOT NULL,
  stream TEXT NOT NULL CHECK (stream IN ('C','T')),
  number TEXT NOT NULL,                     -- C01
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','called','serving','skipped','done')),
  called_at TEXT,
  calls INTEGER NOT NULL DEFAULT 0,
  room_id INTEGER REFERENCES rooms(id),
  before TEXT NOT NULL DEFAULT '' CHECK (before IN ('','waiting','called','serving','skipped')), -- the last deed, to be undone
  printed INTEGER NOT NULL DEFAULT 0,
  way_sealed BLOB,                          -- the secret of the client's own progress page
  CONSTRAINT ticket_number_unique UNIQUE (day, number)
) STRICT;
CREATE INDEX tickets_visit ON tickets(visit_id);
CREATE INDEX tickets_state ON tickets(day, state);

-- Waits that crossed the limit of their tier: who, how long, and why.
CREATE TABLE wait_breaches (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  visit_id INTEGER NOT NULL REFERENCES visits(id),
  day TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('first','room')),
  level TEXT NOT NULL CHECK (level IN ('normal','member','vip')),
  minutes INTEGER NOT NULL CHECK (minutes > 0), -- the limit
  began_at TEXT NOT NULL,
  ended_at TEXT,
  staff_id INTEGER REFERENCES staff(id),    -- who gave the reason
  reason_sealed BLOB,
  CONSTRAINT wait_breach_once UNIQUE (visit_id, kind)
) STRICT;
CREATE INDEX wait_breaches_day ON wait_breaches(day, id);

-- Links given to clients' own phones and the waiting screen: random tokens, kept hashed.
CREATE TABLE guest_links (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('form','guide','rating','progress','queue')),
  client_id INTEGER REFERENCES clients(id),
  visit_id INTEGER REFERENCES visits(id),
  document_id INTEGER REFERENCES documents(id),
  care_template TEXT NOT NULL DEFAULT '',
  expires_at TEXT NOT NULL,
  used_at TEXT,
  revoked_at TEXT
) STRICT;
CREATE INDEX guest_links_visit ON guest_links(visit_id, kind);

-- The wait list (row:A6): who wants a slot that is not free, and when it would suit.
CREATE TABLE waits (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),
  lead_id INTEGER REFERENCES leads(id),
  item_id INTEGER REFERENCES items(id),
  staff_id INTEGER REFERENCES staff(id),    -- NULL: anybody who may
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  from_minute INTEGER NOT NULL DEFAULT 0 CHECK (from_minute >= 0),       -- since midnight
  to_minute INTEGER NOT NULL DEFAULT 1440 CHECK (to_minute <= 1440),
  minutes INTEGER NOT NULL,
  urgency INTEGER NOT NULL DEFAULT 0 CHECK (urgency BETWEEN 0 AND 2),    -- 2 is urgent
  note_sealed BLOB,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','booked','closed')),
  appointment_id INTEGER REFERENCES appointments(id),
  close_reason_sealed BLOB,
  CHECK (client_id IS NOT NULL OR lead_id IS NOT NULL),
  CHECK (to_day >= from_day),
  CHECK (to_minute > from_minute)
) STRICT;
CREATE INDEX waits_state ON waits(state, to_day);
CREATE INDEX waits_client ON waits(client_id);

-- Bookings asked for by guests on their own phones (row:A9): who, what and when it would suit.
-- Nothing of them is booked until somebody at the desk says so.
CREATE TABLE booking_requests (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),  -- whom the desk took it for
  lead_id INTEGER REFERENCES leads(id),
  item_id INTEGER REFERENCES items(id),      -- NULL: a talk
  number TEXT NOT NULL UNIQUE,
  token_hash BLOB NOT NULL UNIQUE,           -- of the guest's own page
  name_sealed BLOB,
  phone_sealed BLOB,
  phone_index BLOB,
  day TEXT NOT NULL,
  from_minute INTEGER NOT NULL CHECK (from_minute >= 0),  -- since midnight
  to_minute INTEGER NOT NULL CHECK (to_minute <= 1440),
  minutes INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','accepted','declined')),
  appointment_id INTEGER REFERENCES appointments(id),
  note_sealed BLOB,                          -- what the table of a platform said of it
  CHECK (to_minute > from_minute)
) STRICT;
CREATE INDEX booking_requests_state ON booking_requests(state, id);
CREATE INDEX booking_requests_client ON booking_requests(client_id) WHERE client_id IS NOT NULL;

-- What guests told of themselves on their own phones (row:B2), until the desk takes it into a file or
-- puts it away. Nothing about health.
CREATE TABLE intakes (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  client_id INTEGER REFERENCES clients(id),  -- whose file took it
  visit_id INTEGER REFERENCES visits(id),    -- of whose page it was filled; NULL: at the counter
  number TEXT NOT NULL UNIQUE,
  token_hash BLOB NOT NULL UNIQUE,           -- of the guest's own page
  profile_sealed BLOB,                          -- JSON; emptied when it is taken or put away
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','taken','dropped'))
) STRICT;
CREATE INDEX intakes_state ON intakes(state, id);
CREATE INDEX intakes_client ON intakes(client_id) WHERE client_id IS NOT NULL;
CREATE INDEX intakes_visit ON intakes(visit_id) WHERE visit_id IS NOT NULL;
