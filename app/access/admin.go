package access

// OfficeView opens the index of the administration.
var OfficeView = allow("office.view", Manager, Owner, Quality, SysAdmin, SecAdmin, AuditAdmin)

// Deeds of the administration: staff, sessions, settings, jobs, trail.
var (
	// StaffView opens the list of staff and their roles.
	StaffView = allow("staff.view", Manager, Owner, SysAdmin, SecAdmin)
	// StaffAdd adds a member of staff with a first password.
	StaffAdd = proved(ByPassword, allow("staff.add", Owner, SysAdmin))
	// StaffSave changes name, credentials flag or active state of a member of staff.
	StaffSave = proved(ByPassword, allow("staff.save", Owner, SysAdmin))
	// StaffGrant gives and takes roles.
	StaffGrant = proved(ByPassword, allow("staff.grant", Owner, SecAdmin))
	// StaffReset gives a one-time password.
	StaffReset = proved(ByPassword, allow("staff.reset", Owner, SecAdmin))
	// SecondClear takes the second step of the login from a person who lost phone and codes.
	SecondClear = proved(ByPassword, allow("second.clear", Owner, SecAdmin))
	// SessionLogin, SessionLogout, SessionLock, SessionUnlock and SessionSwitch are done by
	// the system for whoever stands at the door; no role holds them.
	SessionLogin = allow("session.login")
	// SessionRefuse records a failed login for the back-off.
	SessionRefuse = allow("session.refuse")
	// SessionLogout ends a session.
	SessionLogout = allow("session.logout")
	// SessionLock and SessionUnlock are the idle lock and its PIN.
	SessionLock = allow("session.lock")
	// SessionUnlock opens an idle-locked session by PIN or password.
	SessionUnlock = allow("session.unlock")
	// SessionProve notes that somebody typed PIN or password again before a deed.
	SessionProve = allow("session.prove")
	// SessionHandover locks a tablet to one form in a client's hands; everyone signed in may.
	SessionHandover = allow("session.handover", everyone()...)
	// SessionReclaim takes the tablet back by the staff PIN.
	SessionReclaim = allow("session.reclaim")
	// SessionEnd ends sessions of one's own at other browsers.
	SessionEnd = proved(ByPassword, allow("session.end", append(everyone(), SysAdmin, SecAdmin, AuditAdmin)...))
	// SessionExpel ends the sessions of another person, or of everybody.
	SessionExpel = proved(ByPassword, allow("session.expel", Owner, SecAdmin))
	// ClinicSetup is the first-run page guarded by the token of the terminal.
	ClinicSetup = allow("clinic.setup")
	// ProfileSave is one's own password, PIN and language.
	ProfileSave = allow("profile.save", append(everyone(), SysAdmin, SecAdmin, AuditAdmin)...)
	// DraftSave keeps what one typed into a long form, on a handed-over tablet too.
	DraftSave = allowHandover("draft.save", append(everyone(), SysAdmin, SecAdmin, AuditAdmin)...)
	// SettingsView and SettingsSave are the clinic's settings.
	SettingsView = allow("settings.view", Manager, Owner, SysAdmin)
	// SettingsSave changes a setting of the clinic.
	SettingsSave = proved(ByPassword, allow("settings.save", Owner, SysAdmin))
	// JobView lists jobs and their runs; JobRun starts one by hand.
	JobView = allow("job.view", Owner, SysAdmin)
	// JobRun starts a job by hand.
	JobRun = allow("job.run", Owner, SysAdmin)
	// TrailView reads who saw and changed what.
	TrailView = allow("trail.view", Quality, Owner, AuditAdmin)
	// BackupMake writes a verified backup now.
	BackupMake = proved(ByPassword, allow("backup.make", Owner, SysAdmin))
	// BackupView reads how the backups stand.
	BackupView = allow("backup.view", Manager, Owner, SysAdmin, AuditAdmin)
	// BackupPlace sets the second place that backups go to.
	BackupPlace = proved(ByPassword, allow("backup.place", Owner, SysAdmin))
	// PhotosGiveUp ends the waiting for photos that a restore still owes and nobody can bring.
	PhotosGiveUp = proved(ByPassword, allow("photos.giveup", Owner))
	// KeyPassphrase puts the key file under a passphrase or takes it off, from the console only.
	KeyPassphrase = allow("key.passphrase")
	// RecoveryAnswer answers the question whether the printed recovery sheet is at its place.
	RecoveryAnswer = allow("recovery.answer", Owner)
	// RecoveryDraft shows a new recovery sheet, once; RecoveryRenew puts it in force when two of its
	// groups were typed again, at the session that was shown it.
	RecoveryDraft = proved(ByPassword, allow("recovery.draft", Owner))
	// RecoveryRenew puts a new recovery sheet in force.
	RecoveryRenew = allow("recovery.renew", Owner)
	// LANView reads how devices reach and trust the house, and which of them are enrolled.
	LANView = allow("lan.view", Manager, Owner, SysAdmin, SecAdmin)
	// StationEnrol lets the house know a browser, so that PINs open there; StationRetire ends that.
	StationEnrol = proved(ByPassword, allow("station.enrol", Owner, SysAdmin, SecAdmin))
	// StationRetire ends everything at a browser, for one that was lost.
	StationRetire = proved(ByPassword, allow("station.retire", Owner, SysAdmin, SecAdmin))
	// LANFound makes the clinic's own authority, once.
	LANFound = allow("lan.found")
	// ClockMove moves the demo clock (demo mode only).
	ClockMove = allow("clock.move", Owner)
	// DefaultsLoad inserts the product's own defaults as version 1.
	DefaultsLoad = allow("defaults.load")
	// DemoFill builds the demo clinic.
	DemoFill = allow("demo.fill")
)
