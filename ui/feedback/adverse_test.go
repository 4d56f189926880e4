package feedback_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// A red flag with harm: its F11, filled in beforehand, is signed, stands in the register with
// its clocks from the time it was found, and only then the red flag may be closed.
func TestAnAdverseEventStandsInTheRegister(t *testing.T) {
	t.Parallel()
	d := day.New(t).
		With("F8-AC-BTX", "reached", "yes", "lid", "yes", "double", "yes", "headache", "0", "assessment", "redflag", "action", "马上到院").
		With("F11", "found_on", "2026-03-01", "found_at", "21:30", "severity", "C", "kind", "other", "harm", "intervention", "is_drug", "yes",
			"adr_kind", "new", "is_quality", "yes", "quality_level", "major", "closed", "no", "photos", "").
		To(day.SignedOut)
	var call store.Task
	d.Read(func(r *store.Read) error {
		tasks, err := r.TasksOfVisit(d.Visit)
		for _, x := range tasks {
			if x.Kind == "followup" && x.Day == 2 {
				call = x
			}
		}
		return err
	})
	d.Post("aftercare", fmt.Sprintf("/aftercare/%d", call.ID), d.Sheet(call.FormCode)...).Want(200, "已立即通知医师")
	d.Post("doctor", "/alerts/1/take").Want(200, "肉毒扩散/中毒样")
	closing := []string{"outcome", "已到院处置，好转", "severity", "C"}
	d.Post("doctor", "/alerts/1/close", closing...).Want(409, "REG-EVT-10")
	form := d.Post("doctor", "/alerts/1/report").Want(200, "L-FIRST")
	path := regexp.MustCompile(`/form/\d+`).FindString(form.Path)
	require.NotEmpty(t, path)
	d.As("quality").Get("/feedback/adverse").Want(200, "没有不良事件")
	d.Post("doctor", path, d.Sheet("F11")...).Want(200)
	d.As("quality").Get("/feedback/adverse").Want(200, "林清禾", "C 中度", "REG-EVT-01", "REG-EVT-06", "12 小时内",
		`datetime="2026-03-02T01:30:00.000Z"`) // 21:30 of the day before, and 12 hours
	d.As("cashier").Get("/feedback/adverse").Want(403)
	for _, version := range []string{"", "0", "1"} {
		d.Post("doctor", "/alerts/1/close", append(closing, "_version", version)...).Want(409, "刚刚被别人改过")
	}
	d.As("doctor").Get("/alerts/1").Want(200).Not("已结案")
	d.Post("doctor", "/alerts/1/close", closing...).Want(200, "已结案")
}
