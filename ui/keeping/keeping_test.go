package keeping_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/keeping"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

func TestTheOwnerSeesHowSafeTheDataAre(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.As("owner")
	dir := site.App.DB.Dir()
	b.Get("/keeping").Want(http.StatusOK, "数据安全", "本机备份", "恢复演练", "尚未进行", "meixu restore --data "+dir+" --from "+filepath.Join(dir, "backups"))
	b.Post("/keeping/backup").Want(http.StatusOK, "备份已开始")
	site.App.Jobs.Wait()
	b.Get("/keeping/state").Want(http.StatusOK, "正常", "meixu-20260302-090000", "影像文件 0 个").Not("%!")
	b.Post("/keeping/drill").Want(http.StatusOK, "备份可以恢复", "恢复了 meixu-20260302-090000，核对操作记录").Not("尚未进行", "%!")
	b.Get("/owner").Want(http.StatusOK, "最近一次恢复演练")
	site.As("manager").Get("/board").Want(http.StatusOK, "最近一次恢复演练")
	site.Clock.Forward(27 * time.Hour)
	site.As("owner").Get("/keeping").Want(http.StatusOK, "超过 26 小时").Not("另存的备份")
	stick := filepath.Join(t.TempDir(), "stick")
	_, err := site.App.Keeping.Backup(t.Context(), site.Actor("owner"), keeping.Place{Address: stick}, nil)
	require.NoError(t, err)
	site.As("owner").Get("/keeping").Want(http.StatusOK, "另存的备份", "在 "+stick)
	last, err := site.App.Keeping.LastBackup(t.Context())
	require.NoError(t, err)
	require.Equal(t, site.App.Now(), last, "a verified backup counts wherever it lies")
	all, err := site.App.Examine(t.Context(), app.Wish{})
	require.NoError(t, err)
	require.Contains(t, all, app.Finding{Name: "elsewhere", Tone: app.Good, Args: []any{last.Stamp(site.App.DB.Zone()), stick}})

	// A database that came to another machine tells of backups that are not there.
	require.NoError(t, errors.Join(os.RemoveAll(filepath.Join(site.App.DB.Dir(), "backups")), os.Remove(filepath.Join(site.App.DB.Dir(), "backups.json"))))
	site.As("owner").Get("/keeping").Want(http.StatusOK, "尚未进行").Not("另存的备份", "meixu-20260302-090000", "超过 26 小时")
	for _, at := range []func(context.Context) (term.Instant, error){site.App.Keeping.LastBackup, site.App.Keeping.LastDrill} {
		last, err := at(t.Context())
		require.NoError(t, err)
		require.True(t, last.IsZero())
	}
}

func TestADrillThatFailsIsSeen(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.As("owner")
	b.Post("/keeping/backup").Want(http.StatusOK)
	site.App.Jobs.Wait()
	require.NoError(t, os.RemoveAll(filepath.Join(site.App.DB.Dir(), "backups", "blobs")))
	b.Post("/keeping/drill").Want(http.StatusConflict, "备份不完整或被改动")
	b.Get("/keeping").Want(http.StatusOK, "备份不完整或被改动")
}

func TestTheSecondPlace(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.As("owner")
	unplugged := filepath.Join(t.TempDir(), "stick")
	for address, says := range map[string]string{
		"relative/folder": "看不懂这个地址", "ftp://host/x": "看不懂这个地址", "sftp://owner@127.0.0.1:1/x": "备份位置连不上",
		filepath.Join(unplugged, "meixu"):          "上一级文件夹不存在",
		filepath.Join(site.App.DB.Dir(), "inside"): "不能放在数据目录里",
	} {
		b.Post("/keeping/place", "address", address).Want(http.StatusUnprocessableEntity, says, address)
	}
	require.NoDirExists(t, unplugged)
	to := filepath.Join(t.TempDir(), "备份 盘")
	b.Post("/keeping/place", "address", to, "password", "geheim-wort").Want(http.StatusOK, "试写成功", "第二位置备份").Not("geheim-wort")
	b.Post("/keeping/backup").Want(http.StatusOK)
	site.App.Jobs.Wait()
	made, err := filepath.Glob(filepath.Join(to, "manifests", "*.json"))
	require.NoError(t, err)
	require.Len(t, made, 1)
	n, err := site.App.Jobs.Run(t.Context(), site.Actor("owner"), "backup-increment")
	require.NoError(t, err)
	require.Zero(t, n)
	made, err = filepath.Glob(filepath.Join(to, "manifests", "*.json"))
	require.NoError(t, err)
	require.Len(t, made, 2, "every five minutes the second place is brought up to date")
	require.NoError(t, os.RemoveAll(to))
	require.NoError(t, os.WriteFile(to, nil, 0o600), "the disk was unplugged")
	_, err = site.App.Jobs.Run(t.Context(), site.Actor("owner"), "backup-increment")
	require.Error(t, err)
	b.Get("/keeping").Want(http.StatusOK, "上次未成功", "备份位置连不上")
	b.Post("/keeping/place", "address", "").Want(http.StatusOK).Not("第二位置备份")
}

func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	site.As("manager").Get("/keeping").Want(http.StatusOK, "数据安全").Not("立即备份", "试写并保存")
	for _, path := range []string{"/keeping/backup", "/keeping/drill", "/keeping/place"} {
		site.As("manager").Post(path).Want(http.StatusForbidden)
	}
	site.As("front").Get("/keeping").Want(http.StatusForbidden, "无权查看").Not("没有完成")
}

func TestAShareOfWindowsIsNoFolderHere(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	root := t.TempDir()
	site.As("owner").Post("/keeping/place", "address", "/"+root+"/share").Want(http.StatusUnprocessableEntity, "看不懂这个地址")
	require.NoDirExists(t, filepath.Join(root, "share"))
}

func TestTheDataFolderIsNoSecondPlaceByAnyName(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	link := filepath.Join(t.TempDir(), "elsewhere")
	require.NoError(t, os.Symlink(site.App.DB.Dir(), link))
	b := site.As("owner")
	for _, address := range []string{link, filepath.Join(link, "inside", "deep")} {
		b.Post("/keeping/place", "address", address).Want(http.StatusUnprocessableEntity, "不能放在数据目录里")
	}
	require.NoDirExists(t, filepath.Join(site.App.DB.Dir(), "inside"))
	b.Post("/keeping/place", "address", filepath.Join(t.TempDir(), "beside")).Want(http.StatusOK, "与数据同一块硬盘")
}

func TestKeptSecretsStayWithTheirServer(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.As("owner")
	b.Post("/keeping/place", "address", t.TempDir(), "password", "geheim-wort").Want(http.StatusOK)
	b.Post("/keeping/place", "address", "sftp://owner@127.0.0.1:1/x", "keep", "on").
		Want(http.StatusUnprocessableEntity, `id="f-place-keep-fault"`, "密码和密钥只对原来的服务器和账号有效")
}

// TestTheDepotOfPhotos: set against a real S3-compatible server, used by the job, left again.
func TestTheDepotOfPhotos(t *testing.T) {
	t.Parallel()
	memory := s3mem.New()
	require.NoError(t, memory.CreateBucket("photos"))
	server := httptest.NewServer(gofakes3.New(memory).Server())
	t.Cleanup(server.Close)
	d := day.New(t).To(day.Arrived)
	b := d.As("owner")
	address := "s3://photos/clinic?endpoint=" + server.URL
	b.Post("/keeping/depot", "address", "nowhere", "cache", "0").Want(http.StatusUnprocessableEntity, "看不懂这个地址", "请填写 1 到", `id="f-depot-cache-fault"`)
	b.Post("/keeping/depot", "address", filepath.Join(d.App.DB.Dir(), "photos"), "cache", "5").Want(http.StatusUnprocessableEntity, "不能放在数据目录里")
	b.Post("/keeping/depot", "address", address, "key", "k", "secret", "geheim-wort", "cache", "5").Want(http.StatusOK, "影像仓库已保存").Not("geheim-wort")
	d.PostPhoto("nurse", "/media/new", "visit", "{visit}", "kind", "face", "view", "front").Want(http.StatusOK)
	n, err := d.App.Jobs.Run(t.Context(), d.Actor("owner"), "media-move")
	require.NoError(t, err)
	require.Equal(t, 2, n, "picture and thumbnail")
	b.Get("/keeping").Want(http.StatusOK, "上次移动", "2 个文件")
	b.Post("/keeping/depot", "address", t.TempDir(), "cache", "5").Want(http.StatusUnprocessableEntity, "还有照片")
	for _, login := range []string{"manager", "front", "doctor", "auditadmin"} {
		d.As(login).Post("/keeping/depot", "address", "").Want(http.StatusForbidden)
	}
	b.Post("/keeping/depot", "address", "").Want(http.StatusOK, "正在把照片取回本机")
	_, err = d.App.Jobs.Run(t.Context(), d.Actor("owner"), "media-move")
	require.NoError(t, err)
	b.Get("/keeping").Want(http.StatusOK).Not("正在把照片取回本机", server.URL)
}

// TestABrokenTrailIsRed: what a look at the trail found stands in red where the owner and the
// desk look, and the code that goes on paper stands on the day closing.
func TestABrokenTrailIsRed(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	owner, desk := site.As("owner"), site.As("manager")
	owner.Get("/keeping").Want(http.StatusOK, "操作记录截至第 ", "校验码").Not("缺少第")
	owner.Get("/till/day").Want(http.StatusOK, "操作记录截至第 ")
	desk.Get("/board").Want(http.StatusOK).Not("操作记录异常")
	site.App.Keeping.Verified(&store.BrokenChain{Act: 901, To: 950, Kind: store.TrailCut})
	site.Clock.Forward(time.Minute)
	owner.Get("/keeping").Want(http.StatusOK, "操作记录缺少第 901 到 950 号", `role="alert"`)
	owner.Get("/owner").Want(http.StatusOK, "操作记录缺少第 901 到 950 号")
	desk.Get("/board").Want(http.StatusOK, "操作记录异常")
	site.App.Keeping.Verified(nil)
	owner.Get("/owner").Want(http.StatusOK, "校验码").Not("缺少第")
}

// TestALongLogIsSeen: what the look at the write-ahead log found stands where the owner and the
// desk look, and is gone when the log is short.
func TestALongLogIsSeen(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	owner, desk := site.As("owner"), site.As("manager")
	look := func(bytes int64) {
		site.App.Keeping.LogSize = func() int64 { return bytes }
		_, err := site.App.Jobs.Run(t.Context(), site.Actor("owner"), "log-watch")
		require.NoError(t, err)
	}
	desk.Get("/board").Want(http.StatusOK).Not("写入日志过长")
	look(80 << 20)
	owner.Get("/owner").Want(http.StatusOK, "数据库写入日志自 ", "（80 MB）", `role="alert"`)
	owner.Get("/keeping").Want(http.StatusOK, "数据库写入日志自 ")
	desk.Get("/board").Want(http.StatusOK, "写入日志过长", "自 09:00")
	look(64 << 20)
	owner.Get("/owner").Want(http.StatusOK).Not("数据库写入日志自 ")
	desk.Get("/board").Want(http.StatusOK).Not("写入日志过长")
}
