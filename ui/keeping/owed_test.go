package keeping_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// owing is a clinic that was restored from a medium and whose photos are not here yet.
func owing(t *testing.T) (d *day.Day, medium string) {
	t.Helper()
	d, medium = day.New(t).To(day.Arrived), t.TempDir()
	d.PostPhoto("nurse", "/media/new", "visit", "{visit}", "kind", "face", "view", "front").Want(http.StatusOK)
	d.As("owner").Post("/keeping/place", "address", medium).Want(http.StatusOK)
	run(t, d, "backup-increment")
	dir := d.App.DB.Dir()
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "media")))
	_, err := backup.Stage(t.Context(), dir, backup.Wish{Place: backup.Place{Address: medium}, Code: storetest.SheetCode(t)})
	require.NoError(t, err)
	require.NoError(t, os.Rename(filepath.Join(dir, "restore.pending", "photos.owed"), filepath.Join(dir, "photos.owed")))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "restore.pending")))
	require.NoError(t, d.App.Keeping.OpenOwed())
	return d, medium
}

// run runs jobs by hand; one that fails says so on the pages.
func run(t *testing.T, d *day.Day, jobs ...string) {
	t.Helper()
	for _, job := range jobs {
		_, err := d.App.Jobs.Run(t.Context(), d.Actor("owner"), job)
		if job != "photos-return" {
			require.NoError(t, err, job)
		}
	}
}

// picture asks for an image as a page does.
func picture(b *uitest.Browser, path string) *uitest.Answer {
	defer b.With("Accept", "text/html")
	return b.With("Accept", "image/avif,image/webp,*/*;q=0.8").Get(path)
}

// TestPhotosComeBackWhilePeopleWork: a photo that is asked for comes at once; a medium that is away
// is told of everywhere, with what to do, and no image is broken; the job ends it.
func TestPhotosComeBackWhilePeopleWork(t *testing.T) {
	t.Parallel()
	d, medium := owing(t)
	owner, nurse := d.As("owner"), d.As("nurse")
	owner.Get("/keeping").Want(http.StatusOK, "照片恢复", "照片正在从 "+medium+" 取回：0 / 2 个文件", "换照片来源")
	d.As("manager").Get("/board").Want(http.StatusOK, "照片恢复中 0 / 2")

	require.NoError(t, os.Rename(medium, medium+"-away"))
	missing := picture(nurse, "/media/1").Want(http.StatusConflict, "<svg", "照片待恢复", "连不上备份位置", "照片没有丢")
	require.Equal(t, "image/svg+xml", missing.Header.Get("Content-Type"))
	picture(nurse, "/media/1/thumb").Want(http.StatusConflict, "<svg", "照片待恢复").Not("系统管理员")
	nurse.Get("/media/1").Want(http.StatusConflict, "这张照片还没有恢复", "TR-11").Not("<svg xmlns")
	run(t, d, "photos-return")
	owner.Get("/keeping").Want(http.StatusOK, "还有 2 个照片文件没有恢复", "照片没有丢")
	nurse.Get("/").Want(http.StatusOK, "请把备份介质插回服务器")
	d.As("manager").Get("/board").Want(http.StatusOK, "照片未恢复完 0 / 2，请告知管理员")

	d.Clock.Forward(time.Minute)
	require.NoError(t, os.Rename(medium+"-away", medium))
	nurse = d.As("nurse")
	picture(nurse, "/media/1/thumb").Want(http.StatusOK)
	d.As("owner").Get("/keeping").Want(http.StatusOK, "1 / 2")
	run(t, d, "photos-return")
	picture(nurse, "/media/1").Want(http.StatusOK)
	d.As("owner").Get("/keeping").Want(http.StatusOK, "照片已于 ", "全部恢复（2 个文件）").Not("换照片来源")
	nurse.Get("/").Want(http.StatusOK).Not("照片正在从")
	require.NoFileExists(t, filepath.Join(d.App.DB.Dir(), "photos.owed"))
}

// TestABackupWhileItWaits: it is made, says that photos are missing, and so does the drill.
func TestABackupWhileItWaits(t *testing.T) {
	t.Parallel()
	d, medium := owing(t)
	run(t, d, "backup", "backup-drill")
	d.As("owner").Get("/keeping").Want(http.StatusOK, "照片未到齐", "还差 2 个照片文件（恢复后尚未到齐）")
	heads, err := backup.List(t.Context(), backup.Place{Address: medium})
	require.NoError(t, err)
	require.Greater(t, len(heads), 1, "the second place goes on, and its photos stay in its backups")
	require.NoError(t, d.App.DB.Read(t.Context(), func(r *store.Read) error {
		text, err := r.Setting("backup.second")
		require.NotContains(t, text, "awaited")
		return err
	}))
}

// TestThePlaceOfOwedPhotosIsChanged: another drive letter; and what nobody can bring is given up
// with a reason, by the owner alone.
func TestThePlaceOfOwedPhotosIsChanged(t *testing.T) {
	t.Parallel()
	d, medium := owing(t)
	owner := d.As("owner")
	elsewhere := filepath.Join(t.TempDir(), "F")
	require.NoError(t, os.Rename(medium, elsewhere))
	owner.Post("/keeping/owed", "address", t.TempDir()).Want(http.StatusUnprocessableEntity, "这个位置没有备份")
	owner.Post("/keeping/owed", "address", "nowhere://x").Want(http.StatusUnprocessableEntity, "看不懂这个地址")
	for _, login := range []string{"manager", "front", "doctor", "auditadmin"} {
		d.As(login).Post("/keeping/owed", "address", elsewhere).Want(http.StatusForbidden)
		d.As(login).Post("/keeping/owed/end", "reason", "no").Want(http.StatusForbidden)
	}
	d.As("sysadmin").Post("/keeping/owed/end", "reason", "no").Want(http.StatusForbidden)
	d.As("sysadmin").Post("/keeping/owed", "address", elsewhere).Want(http.StatusOK, "照片来源已改")
	require.NoError(t, os.RemoveAll(filepath.Join(elsewhere, "blobs")))
	run(t, d, "photos-return")
	owner.Get("/keeping").Want(http.StatusOK, "有 2 个照片文件在 "+elsewhere, "没有采用的文件（2 个）", "备份里没有", ".thumb")
	picture(d.As("nurse"), "/media/1").Want(http.StatusConflict, "照片缺失或损坏", "缺失或被改动")

	owner.Post("/keeping/owed/end", "reason", " ").Want(http.StatusUnprocessableEntity, "请写明原因")
	owner.Post("/keeping/owed/end", "reason", "备份盘已损坏").Want(http.StatusOK, "已停止等待", "放弃 2 个")
	owner.Post("/keeping/owed/end", "reason", "again").Want(http.StatusConflict, "没有等待恢复的照片")
	require.NoFileExists(t, filepath.Join(d.App.DB.Dir(), "photos.owed"))
	require.NoError(t, d.App.DB.Read(context.Background(), func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: "photos.giveup", Limit: 2})
		require.Len(t, acts, 1)
		require.Equal(t, "备份盘已损坏", strings.TrimSpace(acts[0].Act.Reason))
		return err
	}))
}
