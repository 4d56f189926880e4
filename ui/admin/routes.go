// Package admin draws the office: the door (login, idle lock, change of persons, hand-over of
// a tablet, first set-up), one's own password and PIN, the people, the jobs and the demo clock.
package admin

import (
	"context"
	"embed"
	"time"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/app/jobs"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

// House is what the office needs beside its own service.
type House struct {
	Office *office.Office
	Jobs   *jobs.Runner
	// MoveClock moves the demo clock.
	MoveClock func(ctx context.Context, by access.Actor, d time.Duration) error
	// PlainLogin says that people may log in without TLS from other machines: demo only.
	PlainLogin bool
}

type desk struct{ House }

// Routes registers the office.
func Routes(r *kit.Routes, house House) {
	h := desk{house}
	r.Prove = h.prove
	r.GET("/login", access.Anyone, h.loginForm)
	r.POST("/login", access.Anyone, h.login)
	r.POST("/login/code", access.Anyone, h.loginCode)
	r.GET("/setup", access.Anyone, h.setupForm)
	r.POST("/setup", access.Anyone, h.setup)
	r.POST("/logout", access.Lapsed, h.logout)
	r.POST("/lock", access.Lapsed, h.lock)
	r.GET("/unlock", access.Lapsed, h.unlockForm)
	r.POST("/unlock", access.Lapsed, h.unlock)
	r.GET("/switch", access.SignedIn, h.switchForm)
	r.POST("/switch", access.Lapsed, h.switchTo)
	r.GET("/reclaim", access.Handover, h.reclaimForm)
	r.POST("/reclaim", access.Handover, h.reclaim)
	r.GET("/profile", access.ProfileSave, h.profileForm)
	r.POST("/profile", access.ProfileSave, h.profile)
	r.GET("/profile/second", access.ProfileSave, h.second)
	r.POST("/profile/second", access.ProfileSave, h.beginSecond)
	r.POST("/profile/second/confirm", access.ProfileSave, h.confirmSecond)
	r.POST("/profile/second/off", access.ProfileSave, h.dropSecond)
	r.GET("/profile/sessions", access.ProfileSave, h.sessions)
	r.POST("/profile/sessions/end", access.SessionEnd, h.endOthers)
	r.POST("/profile/sessions/:id/end", access.SessionEnd, h.endSession)
	r.GET("/admin", access.OfficeView, h.index)
	r.GET("/admin/staff", access.StaffView, h.staff)
	r.GET("/admin/staff/new", access.StaffAdd, h.staffForm)
	r.POST("/admin/staff/new", access.StaffAdd, h.staffAdd)
	r.POST("/admin/staff/reset", access.StaffReset, h.staffReset)
	r.GET("/admin/staff/:id", access.StaffSave, h.personForm)
	r.POST("/admin/staff/:id", access.StaffSave, h.person)
	r.GET("/admin/staff/:id/roles", access.StaffGrant, h.rolesForm)
	r.POST("/admin/staff/:id/roles", access.StaffGrant, h.roles)
	r.GET("/admin/staff/:id/second", access.SecondClear, h.clearForm)
	r.POST("/admin/staff/:id/second", access.SecondClear, h.clearSecond)
	r.POST("/admin/staff/out", access.SessionExpel, h.expelAll)
	r.POST("/admin/staff/:id/out", access.SessionExpel, h.expel)
	r.GET("/admin/settings", access.SettingsView, h.settingsForm)
	r.POST("/admin/settings", access.SettingsSave, h.settings)
	r.GET("/admin/jobs", access.JobView, h.jobs)
	r.POST("/admin/jobs/run", access.JobRun, h.jobRun)
	r.GET("/admin/clock", access.ClockMove, h.clockForm)
	r.POST("/admin/clock", access.ClockMove, h.clock)
}
