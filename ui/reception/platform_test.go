package reception_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

const platformImport = "/reception/requests/import"

// table is a table as it is pasted.
func table(rows ...string) string {
	return "订单号\t姓名\t手机\t项目\t医生\t预约时间\t备注\n" + strings.Join(rows, "\n")
}

func countBookings(t *testing.T, s *uitest.Site) (bookings, requests int) {
	t.Helper()
	read(t, s, func(r *store.Read) error {
		list, err := r.AppointmentsBetween(r.Now(), r.Now().Add(1e15), 1000)
		require.NoError(t, err)
		for _, a := range list {
			if a.State == term.AppointmentRequested {
				bookings++
			}
		}
		requests, err = r.CountBookingRequests()
		return err
	})
	return bookings, requests
}

// TestATableOfAPlatform: it is tried first and written when somebody confirms; free slots are booked,
// the rest waits for an answer, doubles are left out, and the whole is taken back (row:A9).
func TestATableOfAPlatform(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	li := withFile(t, s, "李静", "13800008817")
	who := ""
	read(t, s, func(r *store.Read) error {
		x, err := r.Staff(s.StaffID("consultant"))
		who = x.Name
		return err
	})
	front := s.As("front")
	rows := table(
		"MT1\t李静\t138 0000 8817\t\t"+who+"\t2026-03-03 10:00\t想喝茶",
		"MT2\t王敏\t13800008818\t\t"+who+"\t2026-03-03 10:15\t",
		"MT3\t赵一\t13800008819\t没有的项目\t\t2026/3/4 15:30\t",
		"MT4\t钱二\t1380000\t\t\t2026-03-05 10:00\t",
		"MT5\t孙三\t13800008820\t\t\t2026-02-01 10:00\t",
		"MT1\t李静\t13800008817\t\t\t2026-03-06 10:00\t",
	)
	t.Run("a trial says row, column and why, and writes nothing", func(t *testing.T) {
		front.Get("/reception/requests").Want(http.StatusOK, platformImport)
		front.Get(platformImport).Want(http.StatusOK, "样例", "MT20260001")
		front.Post(platformImport+"/try", "pasted", rows).Want(http.StatusOK, "可预约 1", "转为申请 2", "重复 1", "与第 2 行重复", "有误 2", "目录里没有对应的唯一项目", "已经过去", "和本表前面的预约冲突", "<b>C</b> 手机", "导入：预约 1 个，转为申请 2 个")
		b, q := countBookings(t, s)
		require.Zero(t, b+q)
	})
	t.Run("what is no name is none here either", func(*testing.T) {
		for _, name := range []string{"=1+1", "<b>张三</b>", "🌸", "+王"} {
			front.Post(platformImport+"/try", "pasted", table("MT9\t"+name+"\t13800008818\t\t\t2026-03-03 10:15\t")).Want(http.StatusOK, "有误 1", "<b>B</b> 姓名")
		}
	})
	t.Run("what is missing is said, and what was pasted comes back", func(*testing.T) {
		front.Post(platformImport+"/try", "pasted", "姓名\t备注\n李静\tx").Want(http.StatusUnprocessableEntity, "手机", "李静")
		front.Post(platformImport, "pasted", "").Want(http.StatusUnprocessableEntity, "没有可以导入的行")
		front.Post(platformImport, "pasted", table(strings.Repeat("\t王\t13800008818\t\t\t2026-03-03 10:00\t\n", 301))).Want(http.StatusUnprocessableEntity, "最多 300 行")
	})
	t.Run("confirming books, asks and leaves out", func(t *testing.T) {
		front.Post(platformImport, "pasted", rows).At("/reception/requests/imports/1").Want(http.StatusOK, "已占时段 1 个（待客户确认），转为申请 2 个", "重复 1 行，有误 2 行", "李静", "王敏", "/reception/requests/imports/1/undo")
		b, q := countBookings(t, s)
		require.Equal(t, [2]int{1, 2}, [2]int{b, q})
		read(t, s, func(r *store.Read) error {
			a, err := r.Appointment(1)
			require.Equal(t, li, a.Client)
			require.Contains(t, a.Note, "MT1")
			require.Contains(t, a.Note, "想喝茶")
			return err
		})
		front.Get("/reception/requests").Want(http.StatusOK, "王敏", "赵一", "平台订单 MT3", "没有的项目")
	})
	t.Run("the same table again takes nothing in", func(t *testing.T) {
		front.Post(platformImport+"/try", "pasted", rows).Want(http.StatusOK, "重复 4", "这个订单已经导入过").Not("可预约 ")
		front.Post(platformImport, "pasted", strings.ReplaceAll(rows, "MT", "")).Want(http.StatusOK, "已占时段 0 个")
		b, _ := countBookings(t, s)
		require.Equal(t, 1, b, "the phone at that time counts where the order number is another")
	})
	t.Run("columns that somebody said are remembered", func(*testing.T) {
		odd := "A\tB\tC\n周五\t13800008830\t2026-03-10 11:00"
		front.Post(platformImport+"/try", "pasted", odd).Want(http.StatusUnprocessableEntity, "col_2")
		front.Post(platformImport, "pasted", odd, "heads", "5", "col_0", "name", "col_1", "phone", "col_2", "start").At("/reception/requests/imports/3")
		front.Post(platformImport+"/try", "pasted", strings.Replace(odd, "10 11:00", "11 11:00", 1)).Want(http.StatusOK, "可预约 1")
	})
	t.Run("a file is read like what is pasted", func(t *testing.T) {
		book, out := excelize.NewFile(), bytes.Buffer{}
		for i, cell := range []string{"姓名", "手机", "预约时间", "吴六", "13800008831", "2026-03-12 11:00"} {
			require.NoError(t, book.SetCellStr("Sheet1", fmt.Sprintf("%c%d", 'A'+i%3, 1+i/3), cell))
		}
		require.NoError(t, book.Write(&out))
		front.PostFile(platformImport+"/try", "file", out.Bytes()).Want(http.StatusOK, "吴六", "可预约 1")
	})
	t.Run("the whole is taken back with a reason; what was answered stays", func(*testing.T) {
		const undo = "/reception/requests/imports/1/undo"
		front.Post("/reception/requests/1/decline", "answer", "sorry")
		front.Get(undo).Want(http.StatusOK, "导错了文件")
		front.Post(undo).Want(http.StatusUnprocessableEntity, "撤销整次导入")
		s.As("consultant").Post(undo, "_reason", "x").Want(http.StatusForbidden)
		front.Post(undo, "_reason", "导错了文件").At("/reception/requests/imports/1").Want(http.StatusOK, "2 个已取消，1 个已被处理过而保留")
		front.Post(undo, "_reason", "导错了文件").Want(http.StatusConflict)
		front.Post(platformImport+"/try", "pasted", rows).Want(http.StatusOK, "可预约 1")
	})
	t.Run("others are refused, and every table is an act", func(t *testing.T) {
		s.As("nurse").Post(platformImport, "pasted", rows).Want(http.StatusForbidden)
		read(t, s, func(r *store.Read) error {
			acts, err := r.Acts(store.ActFilter{Action: string(access.RequestImport)})
			require.Len(t, acts, 3)
			return err
		})
	})
}
