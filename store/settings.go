package store

import (
	"meixu/store/term"
)

// Setting reads a setting; "" when it was never set.
func (r *Read) Setting(name string) (string, error) {
	return Recall(r, settingKey(name), func() (string, error) {
		return steadily(r, settingKey(name), func() (string, error) {
			v, _, err := found(one(r, value[string], `SELECT value FROM settings WHERE name = ?`, name))
			return v, err
		})
	})
}

// SettingsUnder reads the settings whose names begin with prefix, by name.
func (r *Read) SettingsUnder(prefix string) (map[string]string, error) {
	type pair struct{ name, value string }
	list, err := many(r, func(from row) (p pair, err error) {
		err = from.Scan(&p.name, &p.value)
		return p, err
	}, `SELECT name, value FROM settings WHERE name >= ? AND name < ? ORDER BY name LIMIT 200`, prefix, prefix+"\U0010FFFF")
	all := map[string]string{}
	for _, p := range list {
		all[p.name] = p.value
	}
	return all, err
}

// settingKey is a setting in the memory of a snapshot.
type settingKey string

// SaveSetting sets a setting.
func (tx *Tx) SaveSetting(name, text string) error {
	_, err := tx.exec(`INSERT INTO settings (id, created_at, updated_at, name, value) VALUES (?,?,?,?,?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
		version = version + 1 WHERE value <> excluded.value`,
		tx.NextID("settings"), tx.Now(), tx.Now(), name, text)
	return err
}

// JobRun is one run of a job. Runs are a ledger of their own and not in the trail.
type JobRun struct {
	ID        int64
	Job       string
	Day       term.Day // business day the run was owed for; "" for none
	StartedAt term.Instant
	EndedAt   term.Instant
	Outcome   string // "" while running, ok, failed, skipped
	Count     int    // things dealt with
	Error     string // for the administrator, without personal data
}

func scanJobRun(from row) (j JobRun, err error) {
	err = from.Scan(&j.ID, &j.Job, &j.Day, &j.StartedAt, &j.EndedAt, &j.Outcome, &j.Count, &j.Error)
	return j, err
}

const jobRunColumns = `id, job, day, started_at, ended_at, outcome, count, error`

// LastRun reads the newest run of a job that was not skipped; ok is false when it never ran.
func (r *Read) LastRun(job string) (run JobRun, ok bool, err error) {
	return found(one(r, scanJobRun, `SELECT `+jobRunColumns+` FROM job_runs
		WHERE job = ? AND outcome <> 'skipped' ORDER BY started_at DESC, id DESC LIMIT 1`, job))
}

// JobDone says whether a job did its work of a business day.
func (r *Read) JobDone(job string, day term.Day) (bool, error) {
	return one(r, value[bool], `SELECT EXISTS (SELECT 1 FROM job_runs WHERE job = ? AND day = ? AND outcome = 'ok' AND day <> '')`, job, day)
}

// JobRuns lists the newest runs of all jobs.
func (r *Read) JobRuns(limit int) ([]JobRun, error) {
	return many(r, scanJobRun, `SELECT `+jobRunColumns+` FROM job_runs ORDER BY id DESC LIMIT ?`, min(limit, 500))
}

// AddJobRun notes that a run began and fills in its id.
func (tx *Tx) AddJobRun(j *JobRun) error {
	j.ID, j.StartedAt = tx.NextID("job_runs"), tx.Now()
	_, err := tx.exec(`INSERT INTO job_runs (id, job, day, started_at, outcome) VALUES (?,?,?,?,?)`,
		j.ID, j.Job, j.Day, j.StartedAt, j.Outcome)
	return err
}

// EndJobRun notes how a run ended.
func (tx *Tx) EndJobRun(j JobRun) error {
	return changed(tx.exec(`UPDATE job_runs SET ended_at = ?, outcome = ?, count = ?, error = ? WHERE id = ?`,
		tx.Now(), j.Outcome, j.Count, j.Error, j.ID))
}

// BreakRuns marks runs that were cut off by the end of the program as failed.
func (tx *Tx) BreakRuns() error {
	_, err := tx.exec(`UPDATE job_runs SET outcome = 'failed', error = 'the program ended meanwhile', ended_at = ?
		WHERE outcome = ''`, tx.Now())
	return err
}
